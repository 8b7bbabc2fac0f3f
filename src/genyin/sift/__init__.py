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
lines     a machine's line as words, marks and slots
slots     which words of a set of lines are values
events    recurring events of machines; append-only ids
group     families of recurring incidents; what people decided by hand survives
novelty   is a record the first of its kind?
rise      which series rise, over a year of daily looks
onset     a rise explained: since when, how much, what is more frequent
trend     what was to be expected of a series
watch     did the fix work?
measure   how good a matching or a grouping is
"""
