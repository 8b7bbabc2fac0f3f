"""The analysis engine: recurrence found, explained, measured.

Plain values in, frozen dataclasses out. No database, no clock, no environment, no framework: the
package is usable by somebody who never installs the rest of Genyin.

text      masks for what a machine wrote (ids, hosts, times), script detection
tokens    words and Chinese character pairs
analysis  a record taken apart: words, letters, identifiers
glossary  what Chinese terms of IT service are called in English
channel   how the views of a record are weighed when it is added, and when it asks
index     append-only index of records; a score is a sum of weighted parts
folder    the same on disk, shared by processes: segments, named by a manifest
learn     the weights of that sum, from confirmed links
match     the most similar earlier records, or sets of records, each with its reasons
backoff   which known error it is, from coded fields alone
group     families of recurring incidents; what people decided by hand survives
trend     which series rise, and what was to be expected
watch     did the fix work?
measure   how good a matching or a grouping is
"""
