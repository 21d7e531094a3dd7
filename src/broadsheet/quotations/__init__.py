"""Quotations of a draft against the articles of a package: where each is, and what differs.

`draft` reads the quotations of a text, `index` finds words in many articles, `alignment` lays the words of a quotation
beside those of an article, `sense` says whether a cut took away a negation or a condition.
"""
