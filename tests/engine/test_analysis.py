"""A record taken apart: words, letters, identifiers; what a machine wrote set aside."""

from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.analysis import analyse, identifiers, letters, split, written
from genyin.sift.records import Record

TRACE = """The node does not start.
{code}
java.io.IOException: disk is full
	at org.apache.hadoop.DataNode.start(DataNode.java:12)
{code}
2019-01-02 10:00:00,123 ERROR datanode.DataNode: shutting down
Please help."""


def test_code_frames_and_log_lines_are_the_machines() -> None:
    prose, machine = split(TRACE)
    assert prose.split() == ["The", "node", "does", "not", "start.", "Please", "help."]
    assert "IOException" in machine
    assert "shutting down" in machine


def test_identifiers_are_names_with_humps_dots_hyphens_or_underscores() -> None:
    found = list(
        identifiers("DataNode fails when dfs.data.dir is unset, see hdfs-site.xml and MAX_RETRY; nothing else")
    )
    assert found == ["datanode", "dfs.data.dir", "hdfs-site.xml", "hdfs-site", "max_retry"]
    assert list(identifiers("org.apache.DataNode")) == ["org.apache.datanode", "datanode"]


def test_letters_run_across_words_and_chinese_goes_by_near_characters() -> None:
    assert list(letters("Disk")) == [" dis", "disk", "isk "]
    assert set(letters("网络断")) == {"网", "络", "断", "络网", "断网", "断络"}
    assert "一网" in set(letters("网一二三四五六中"))
    assert "中网" not in set(letters("网一二三四五六中"))  # too far apart


def test_a_word_in_the_machines_part_is_a_word_of_the_machine() -> None:
    title, prose, machine, _english = analyse(Record(1, "start fails", TRACE)).words
    assert "except" not in prose
    assert machine["except"] == 1
    assert title == {"start": 1, "fail": 1}


@given(st.text(), st.text())
def test_any_text_is_taken_apart_and_every_word_can_be_shown(title: str, body: str) -> None:
    record = Record(1, title, body)
    found = analyse(record)
    assert set(found.words[0]) <= set(written(record))
    assert all(
        count >= 1
        for fields in (found.words, found.letters, found.identifiers)
        for one in fields
        for count in one.values()
    )
