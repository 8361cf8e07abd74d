"""What evidence is worth: log-odds that two rows are one commitment. Chosen on composed pairs (docs/comparing.md).

Curves are (value, log-odds) points, linear between them and flat beyond.
"""

from __future__ import annotations

# Likeness of the promises, 0..1.
CONTENT = ((0.0, -5.6), (0.06, -4.4), (0.15, -2.6), (0.3, -1.2), (0.5, 2.6), (0.8, 6.0), (1.0, 8.0))
CONCEPT_SHARE, CHAR_SHARE = 2.0, 0.5  # what a shared concept or character counts, against a pair of characters
PART_CONCEPT_SHARE = 1.5  # the same where one row may be part of another
FILLER_SHARE = 0.25  # what a pair of characters inside a filler word weighs of its rarity

# Likeness above that to rows which have partners of their own; counts from a likeness of TEMPLATE_FROM on.
TEMPLATE = ((-0.2, -11.0), (0.0, -8.0), (0.15, 0.0))
TEMPLATE_FROM, TEMPLATE_FULL = 0.3, 0.6
TEMPLATE_NEAR = 0.4  # share of spelling in common from which two rows may have a template in common

FIGURE_SHARED = 2.2  # per unit of shared weight
FIGURES_OTHER = ((0.5, -3.0), (0.8, -0.3))  # no figure shared, by likeness of the rest
# 城东 against 城西; 一期 against 二期; 石浦镇 against 长汀镇: a side may be worded otherwise, a town is the promise.
CONTRAST_OF = {"sides": -4.0, "codes": -4.0, "stages": -6.0, "places": -6.0}
CONTRAST_OF_ONE = -3.0  # and more where it is the stages of one thing: 安置房一期, 安置房二期

# Weight of what the one promise has, and the other's status has.
ANNOUNCED = ((0.8, 0.0), (2.0, 1.0), (5.0, 2.5))
ANNOUNCED_LONG = 15.0  # weight of words from which a status is a long one, in which anything is found
FULFILLED, FULFILLED_MOST = 2.0, 1.5  # per unit of weight of figures that moved from promise to status, and its limit

# Statuses that share nothing speak no less for this reason where one tells of the other's promise.
STATUS_SILENT = ((0.8, -1.4), (2.0, 0.0))

# Names that stand for one another in one sentence: for each, in all, by the share of the sentence that is the same.
RENAMED, RENAMED_MOST, RENAMED_FRAME = -11.0, -16.0, (0.3, 0.6)
RENAMED_FROM, RENAMED_SPELLING = 0.1, 0.4  # likeness, and spelling in common, from which they are looked for
RENAMED_RARE = 0.6  # how rare their characters are

REOPENED = -2.0  # the old row was finished, of the new one this is not said
BEGUN = -6.0  # the old row was finished, the new one is on its way

STATUS = ((0.0, -1.4), (0.08, -0.3), (0.2, 1.4), (0.4, 3.2), (0.8, 5.0))  # likeness of the statuses
STATUS_ALONE = (0.12, 2.0)  # with a likeness of the promises below the first, a status counts no more than the second
STATUS_FULL = 5.0  # weight of words from which a status is fully trusted

UNITS_NONE, UNITS_BASE, UNITS_SHARED, UNITS_RARE = -2.0, -0.8, 1.2, 2.0
CATEGORY_FACTOR, CATEGORY_LEAST, CATEGORY_MOST = 0.7, -0.8, 1.3

# Neighbours in a table share topic, units and category: together these are worth no more than this.
SURROUNDINGS, SURROUNDINGS_HEARD = 3.0, 0.5  # and more by this share of what a status tells of the other's promise
SURROUNDINGS_LEAST = -2.5  # a promise that goes to another office goes to its heading and its place as well
SURROUNDINGS_WORDS = ((5.0, 0.0), (8.0, 2.0))  # and with less, by the weight of words in common

PLACE = (-0.7, 0.7, 1.8)  # neither, one, both of the neighbours kept; scaled by how well order is kept
SEQ_EQUAL, SEQ_OTHER = 1.4, -1.0  # scaled by how well numbers are kept

# By the log-odds between a pair and the next that either row is in, where so many rows are left on either side.
LONE, LONE_ROWS = ((1.0, 0.0), (3.0, 1.0)), 4
LONE_OWN = -2.5  # what the two rows say themselves is not to speak more against it than this

# What a pair is given where neither document has these fields at all.
MISSING = {"units": 0.9, "status_words": 0.5, "category": 0.4}

# One more part of a promise that was found again in several rows, or in one (decision 068).
LATE_DIVIDED, LATE_WHOLE = 1.2, -2.2
LATE_ALONE, LATE_PAIR, LATE_STATUS = 0.8, 0.45, 1.2  # of what is worth in a division, in a pair, and of the statuses
LATE_PAIR_WITHIN, LATE_ANNOUNCED = (-6.0, 5.0), 0.35
LATE_BESIDE, LATE_NEAR = 2.5, 1.0  # next to another part, and nearly so; scaled by how well order is kept
LATE_CATEGORY = 2.0  # under the heading of another part
LATE_UNIT = 1.7  # a body of the whole that no other part has
LATE_RETOLD, LATE_RETOLD_ALIKE = -1.5, -3.0  # figures of its own where other parts tell all of the whole's; of one unit
LATE_PLACE = -1.7  # a town that neither the whole nor its other parts name
# By the share of a clause of the whole that is covered, and by no other part; whole from the weight LATE_FULL on.
LATE_CLAUSE = ((0.0, -1.0), (0.3, 1.0), (1.0, 3.0))
LATE_FULL, LATE_LEAST, LATE_SHORT = 2.5, 0.6, 1.5

# A pair of rows that nothing else was found for, few as they are in the document: from these log-odds on, and so far
# before every other pair of either. Rows that contrast are none.
LAST, LAST_MARGIN, LAST_SHARE = -1.5, 3.0, 0.1
LAST_CONTENT = -4.6  # what is told in words farther apart needs a figure in common
