"""Full text search over events, and people and organizations by name whatever the script or spelling.

People and organizations come first, since a name is what is asked for most; then events by how well their words fit
(a word of the sentence weighs more than one of a position or ground, and that more than one of a quote), the newer
first among those that fit about as well. Of an answer with more than MAX_RANKED events, only the newest are ranked:
a word that half a million events have costs as much as one that a thousand have.
"""
