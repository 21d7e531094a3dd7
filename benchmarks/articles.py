"""Articles as scrapers leave them, written by rule: many shapes, every line's role known. A development set, not a proof.

Each article is a headline, a text and page furniture put together in the ways that scraped text comes in: clean, with the
page's bars and boxes, printed twice, hard-wrapped, without headline, without date. All names and events are invented.
"""

# ruff: noqa: E501 - invented sentences and lists of them

from __future__ import annotations

import random
import textwrap
from dataclasses import dataclass, field

PEOPLE = [
    *(
        "Ada Quay",
        "Tomas Brandt",
        "Leila Haddad",
        "Joseph O'Malley",
        "Mireille Dupont",
        "Oksana Hrytsenko",
        "Wen-Li Zhang",
    ),
    *(
        "Sibusiso Ndlovu",
        "Maria del Carmen Ortiz",
        "Piet van der Merwe",
        "Anne-Sophie Keller",
        "Yusuf al-Amin",
        "R. K. Menon",
    ),
]
OUTLETS = [
    *(
        "The Coast Times",
        "Harbour Herald",
        "The Daily Ledger",
        "Northern Tribune",
        "Inland Post",
        "Capital Gazette",
        "The Observer of Vale",
    ),
    *("Delta News", "Radio Meridian", "Kurier Zeitung"),
]
CAPS = ["MERIDIANTV", "NOVAPRESS", "OKOLINE", "TRIDENT"]
PLACES = ["Nairobi", "Tallinn", "Beirut", "Lima", "Oslo", "Hanoi", "Sarajevo", "Dakar", "Tbilisi", "Quito"]
BODIES = [
    "port authority",
    "finance ministry",
    "city council",
    "border guard",
    "rail operator",
    "electoral commission",
    "health board",
]
THINGS = [
    "the ferry terminal",
    "the grain deal",
    "the pension law",
    "the power plant",
    "the new airport",
    "the ceasefire",
    "the water supply",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
SENTENCES = [
    "The {body} said on {day} that work on {thing} would be suspended until an inquiry into the contracts had been completed.",
    "{person}, who heads the {body}, told reporters in {place} that the decision had been taken after weeks of talks with the unions.",
    "“We knew that {thing} could not go on like this, and we said so,” {person} said after the meeting on {day}.",
    "Opposition members have accused the {body} of hiding how much {thing} has cost since it was announced three years ago.",
    "A spokesman for the {body} did not respond to a request for comment on {day} evening.",
    "According to two officials with knowledge of the matter, {thing} had been discussed at a closed meeting in {place} last week.",
    "Thousands of people marched through the centre of {place} on {day}, many of them carrying flags and signs about {thing}.",
    "The figures, seen by this newspaper, show that the {body} paid for {thing} twice, once through a company registered abroad",
    '"Nobody has ever explained to us why {thing} is needed at all," said {person}, a shop owner who has lived in {place} for 20 years.',
    "It is the third time in a year that the {body} has changed its mind, and analysts in {place} do not expect it to be the last.",
    "In a statement published late on {day}, the {body} denied that anyone had been put under pressure over {thing}.",
    "Work is expected to resume in the spring if parliament passes the budget, but few in {place} believe that it will.",
]
# sentences for articles of full length; none stands twice in one
MORE = [
    "The dispute began in {place} two winters ago, when an engineer noticed that the foundations of the customs house had started to sink.",
    "Fishermen, who had been promised compensation, say that not a single cheque has reached the villages along the northern shore.",
    "Insurance companies raised their premiums almost at once, and several shipping lines moved their business to {place} before the summer.",
    "The inquiry, led by a retired judge, has heard 48 witnesses so far and is not expected to publish its findings before autumn.",
    '"I was never shown the drawings, and I would not have signed them," {person} told the committee during a hearing that lasted six hours.',
    "Neighbouring countries watched with some alarm as refugees crossed the river on rafts made of doors and oil drums.",
    "Prices for bread, diesel and cooking gas have doubled in {place} since January, according to the national statistics office.",
    "Teachers walked out of 300 schools to demand the wages that had been withheld from them for four months.",
    "A satellite image taken on {day} shows fresh tyre tracks between the depot and a disused airfield some 12 kilometres to the south.",
    "Diplomats described the mood in the room as frosty; one of them left before dessert was served.",
    "“People here remember the last time soldiers came to protect them,” said {person}, leaning on the counter of her empty pharmacy.",
    "The opposition newspaper printed the contract in full, with only the bank account numbers blacked out.",
    "Under the constitution, an acting president may not dissolve the assembly, although lawyers disagree about what counts as acting.",
    "Rain had fallen for nine days when the embankment gave way shortly after midnight and flooded the lower quarters of {place}.",
    "Hospitals in the region are treating patients in corridors, and surgeons have begun to postpone all but urgent operations.",
    "The company, registered in a village of 900 inhabitants, won the tender although it had neither staff nor machinery.",
    "Asked whether he regretted the remark, {person} shrugged and said that history would judge him more kindly than journalists did.",
    "Exports of timber fell by a quarter, while those of smuggled cigarettes, which no ministry counts, are believed to have risen sharply.",
    "Two former ministers were questioned by prosecutors on {day} and released on bail; both deny any wrongdoing.",
    "The bridge, built by prisoners in the thirties and bombed twice since, remains the only crossing for lorries heavier than 20 tonnes.",
    "Young people are leaving: of the 31 pupils who finished school in {place} last year, 27 have moved abroad.",
    "Scientists at the university warn that the lake could dry out within a decade unless farmers switch to other crops.",
    "“You cannot eat a constitution,” read a banner that hung from the balcony of the occupied town hall.",
    "Central bankers surprised the markets with a cut of half a percentage point, the third since the new governor took office.",
    "Border officials turned back a convoy of 14 trucks because the papers for the medicines on board lacked a stamp.",
    "The army has denied using cluster munitions, but fragments collected by residents suggest otherwise.",
    "Mediators from three continents shuttled between hotels in {place}, carrying drafts that nobody was willing to initial.",
    "A fire destroyed the archive in which the deeds were kept, and with it the hopes of hundreds of families of getting their land back.",
    "Parliament is due to debate the amendment next week, when the gallery is expected to be full for the first time in years.",
    "The captain of the freighter, a veteran of 30 years at sea, said he had radioed for help four times before anyone answered.",
    "Local councils complain that they learnt of the plan from television, two days after the first surveyors had arrived.",
    "Economists doubt that the subsidy will survive the elections, because neither of the large parties knows how to pay for it.",
    "In the market halls of {place}, traders keep two sets of scales, one for the inspectors and one for everybody else.",
    "The verdict was greeted with silence inside the courtroom and with fireworks on the square outside.",
    "Volunteers have planted 60,000 saplings on the burnt slopes, though goats have already eaten a good part of them.",
    "According to the leaked minutes, {person} asked twice whether the donors would notice if the money were spent on salaries.",
    "Railway workers found the wagon on a siding near the frontier, its seals unbroken and its cargo gone.",
    "The ambassador was recalled for consultations, a step that governments take when they do not know which step to take.",
    "Internet access was cut off for most of {day}, and mobile telephones worked only in the hills above the harbour.",
    "Several judges have asked to be transferred, citing threats that were painted on the walls of their houses.",
    "For the families of the missing miners, the news that drilling would resume came too late to be of comfort.",
    "An audit found that the ministry had rented the same building to itself for eleven years.",
    "{person}, who won the region's literary prize in the spring, has written a novel about the affair but found no publisher.",
    "Observers counted ballot papers by candlelight after the power failed in half of the polling stations.",
    "The pipeline runs beneath a nature reserve where bears have been seen again after an absence of forty years.",
    "Shepherds were the first to notice the smell; the authorities arrived three days later, with masks.",
    "Negotiators agreed on the wording of the preamble and, encouraged by this, adjourned for a month.",
    "It fell to the youngest member of the delegation to explain why the minister had left {place} without his passport.",
]
HEADLINES = [
    "{Body} halts work on {thing} after protests in {place}",
    "What will become of {thing}?",
    "{Place} braces for a winter without {thing}",
    "Thousands march in {place} over {thing}",
    "{Body} denies pressure over {thing}, blames {place}",
    "‘Nobody explained it to us’: {place} and {thing}",
]
STANDFIRSTS = [
    "The {body} has put off a decision on {thing} until the spring, angering unions and residents of {place}.",
    "Months of talks about {thing} have ended without a result, and {place} is preparing for the worst.",
    "Residents of {place} say they were never asked about {thing}",
]
SUBHEADS = [
    "A costly delay",
    "WHO PAYS FOR IT?",
    "What the figures show",
    "Pressure from abroad",
    "NO WAY BACK",
    "The road to the inquiry",
    "Why does it matter?",
]
CROSS = [
    *(
        "ALSO READ: {h}",
        "Read more: {h}",
        "READ: {h}",
        "See also: {h}",
        "Related: {h}",
        "Lire aussi : {h}",
        "Siehe auch: {h}",
        "Lea también: {h}",
    ),
    *("Leggi anche: {h}", "Читайте также: {h}", "Also read | {h}", "Lees ook: {h}", "MORE: {h}"),
]
CAPTIONS = [
    "The seat of the {body} in {place}. Photo: {person}",
    "Protesters in {place} on {day} [AFP]",
    "Workers at {thing} earlier this year. (Reuters)",
    "People wait for news of {thing} in {place} | Getty Images",
    "Image: {person}/EPA",
    "FILE PHOTO: A general view of {place}, where the {body} has its seat",
    "A view of {place} at night. Image by flickr.com",
    "Foto: {person} / dpa",
    "Residents of {place} look at what is left of {thing}. Credit: {person}/AP",
]
SHARE = [
    "Share this article",
    "Facebook Twitter WhatsApp",
    "Share on Facebook",
    "Tweet",
    "Teilen",
    "Partager",
    "Copy link",
    "Follow us on Twitter",
    "Print",
    "Поделиться",
]
READ = ["3 min read", "Reading time: 4 minutes", "5 minutes read", "Lesezeit: 3 Minuten", "Lecture : 2 min"]
TAIL = [
    *(
        "Related Articles",
        "Leave a Reply",
        "Comments (12)",
        "Tags: {place}, {body}",
        "Sign up for our daily newsletter",
        "More from World",
        "You may also like",
    ),
    *(
        "Your email address will not be published. Required fields are marked *",
        "© 2020 {outlet}. All rights reserved.",
        "Advertisement",
        "0 Comments",
    ),
    *(
        "This site uses cookies. By continuing to browse you agree to our use of cookies.",
        "Topics: {place}",
        "Subscribe",
        "Privacy Policy",
        "Previous article",
    ),
]
NAV = ["Home", "News", "World", "Sport", "Sign in", "Subscribe", "Menu", "Search", "Skip to main content", "Opinion"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass
class Sample:
    """A text, the role of each of its lines, and its metadata; None where the text does not tell."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    title: str | None = None
    authors: str | None = None
    publisher: str | None = None
    published: str | None = None
    shape: str = ""

    @property
    def text(self) -> str:
        """Return the text as a scraper would have saved it."""
        return "".join(line + gap for (_, line), gap in zip(self.lines, self.breaks, strict=True)).rstrip("\n")


def articles(count: int, seed: int = 11, size: int = 0) -> list[Sample]:
    """Return so many articles, the same for the same seed; their text some `size` characters long, short if none is given."""
    return [_article(random.Random(f"{seed}-{number}"), size) for number in range(count)]


def _fill(rng: random.Random, words: str, topic: dict[str, str]) -> str:
    values = {
        "person": rng.choice(PEOPLE),
        "day": rng.choice(DAYS),
        "outlet": rng.choice(OUTLETS),
        "h": "",
        **topic,
    }
    values["Body"], values["Place"] = values["body"].capitalize(), values["place"]
    return words.format(**values)


def _topic(rng: random.Random) -> dict[str, str]:
    return {"body": rng.choice(BODIES), "thing": rng.choice(THINGS), "place": rng.choice(PLACES)}


def _other_headline(rng: random.Random) -> str:
    return _fill(rng, rng.choice(HEADLINES[:1] + HEADLINES[2:5]), _topic(rng))


def _paragraphs(rng: random.Random, topic: dict[str, str], count: int) -> list[str]:
    found: list[str] = []
    pool = rng.sample(SENTENCES, len(SENTENCES))
    while len(found) < count and pool:
        take = min(len(pool), rng.choice([1, 1, 2, 2, 3]))
        parts = [_fill(rng, pool.pop(), topic) for _ in range(take)]
        parts = [part if part[-1] in '.”"' or n == take - 1 else part + "." for n, part in enumerate(parts)]
        found.append(" ".join(parts))
    return found


def _date(rng: random.Random, sample: Sample) -> tuple[str, str]:
    year, month, day = rng.randint(2009, 2024), rng.randint(1, 12), rng.randint(1, 28)
    forms = [
        f"{day} {MONTHS[month - 1]} {year}",
        f"{MONTHS[month - 1]} {day}, {year}",
        f"{year}-{month:02}-{day:02}",
        f"Published: {day} {MONTHS[month - 1][:3]} {year}",
        f"{rng.choice(DAYS)} {day} {MONTHS[month - 1]} {year} 10:33 GMT",
        f"Updated {MONTHS[month - 1]} {day}, {year} at 9:14 pm",
        f"Posted on {MONTHS[month - 1]} {day}, {year} | 3 Comments",
        f"{day:02}.{month:02}.{year}",
        f"{day:02}/{month:02}/{year} 11:08",
        "2 hours ago",
    ]
    form = rng.choice(forms)
    readable = "ago" not in form and not form.startswith("Updated") and ("/" not in form or day > 12 or day == month)
    sample.published = f"{year}-{month:02}-{day:02}" if readable else None
    return "dateline", form


def _byline(rng: random.Random, sample: Sample, topic: dict[str, str]) -> tuple[str, str]:
    one, two = rng.sample(PEOPLE, 2)
    place, outlet = (
        topic["place"],
        rng.choice([o for o in OUTLETS if o.split()[-1] in {"Times", "Herald", "Tribune", "Post", "Gazette", "News"}]),
    )
    forms = [
        (f"By {one}", one, None),
        (f"By {one} and {two}", f"{one}; {two}", None),
        (f"By {one} in {place}", one, None),
        (f"By {one}, {outlet}", one, outlet),
        (f"Von {one}", one, None),
        (f"Par {one}", one, None),
        (f"Words by {one}", one, None),
        (f"{one}, {place} correspondent", one, None),
        ("By Reuters", None, None),
        ("By Staff Reporter", None, None),
        (f"BY {one.upper()}", one, None),
        (f"Автор: {one}", one, None),
    ]
    line, sample.authors, publisher = rng.choice(forms)
    sample.publisher = publisher or sample.publisher
    return "byline", line


def _article(rng: random.Random, size: int) -> Sample:
    sample, topic = Sample(), _topic(rng)
    body = _paragraphs(rng, topic, rng.randint(4, 9))
    pool = rng.sample(MORE, len(MORE)) if size else []
    while pool and sum(map(len, body)) < size:
        body.append(
            " ".join(_fill(rng, pool.pop(), _topic(rng)) for _ in range(min(len(pool), rng.choice([1, 1, 2, 3]))))
        )
    top = _header(rng, sample, topic)
    middle = _middle(rng, topic, body)
    foot = _footer(rng, sample, topic)
    if rng.random() < 0.12:
        sample.shape = "twice"
        middle += [(role, line) for role, line in middle]
    sample.lines = [*top, *middle, *foot]
    style = rng.choice(["blank", "bare", "mixed"])
    sample.breaks = [{"blank": "\n\n", "bare": "\n"}.get(style) or rng.choice(["\n", "\n\n"]) for _ in sample.lines]
    if rng.random() < 0.1:
        sample.breaks = ["\n\n"] * len(sample.lines)
        sample.lines = [(role, textwrap.fill(line, 72)) for role, line in sample.lines]
        sample.shape = "wrapped"
    return sample


def _header(rng: random.Random, sample: Sample, topic: dict[str, str]) -> list[tuple[str, str]]:
    top: list[tuple[str, str]] = []
    if rng.random() < 0.15:
        return [_byline(rng, sample, topic)] if rng.random() < 0.5 else top
    title = _fill(rng, rng.choice(HEADLINES), topic)
    sample.title = title
    if rng.random() < 0.25:
        top += [("boilerplate", word) for word in rng.sample(NAV, rng.randint(2, 6))]
    if rng.random() < 0.2:
        top.append(
            ("boilerplate", f"Home » {topic['place']} » {title}" if rng.random() < 0.5 else f"Home > World > {title}")
        )
    top += [("title", title)] * rng.choice([1, 1, 1, 1, 1, 1, 2])
    if rng.random() < 0.8:
        top += _meta(rng, sample, topic)
    if rng.random() < 0.3:
        top.append(("boilerplate", rng.choice(SHARE)))
    if rng.random() < 0.35:
        top.append(("caption", _fill(rng, rng.choice(CAPTIONS), topic)))
    return top


def _meta(rng: random.Random, sample: Sample, topic: dict[str, str]) -> list[tuple[str, str]]:
    first = [("subtitle", _fill(rng, rng.choice(STANDFIRSTS), topic))] if rng.random() < 0.5 else []
    meta = [_byline(rng, sample, topic) if rng.random() < 0.7 else _outlet(rng, sample)]
    if first or rng.random() < 0.75:
        meta.append(_date(rng, sample))
    rng.shuffle(meta)
    if rng.random() < 0.3:
        meta.insert(rng.randint(0, len(meta)), ("boilerplate", rng.choice(READ)))
    return first + meta


def _outlet(rng: random.Random, sample: Sample) -> tuple[str, str]:
    name = rng.choice(CAPS + OUTLETS[:6] + ["Reuters", "AFP"])
    sample.publisher = None if name in {"Reuters", "AFP"} else name
    return "byline", name


def _middle(rng: random.Random, topic: dict[str, str], body: list[str]) -> list[tuple[str, str]]:
    middle: list[tuple[str, str]] = []
    heads = rng.sample(SUBHEADS, len(SUBHEADS))
    for number, paragraph in enumerate(body):
        if heads and number and rng.random() < 0.16:
            middle.append(("subheading", heads.pop()))
        middle.append(("body", paragraph))
        if number + 1 < len(body):
            chance = rng.random()
            if chance < 0.1:
                middle.append(("crosslink", rng.choice(CROSS).format(h=_other_headline(rng))))
            elif chance < 0.16:
                middle.append(("caption", _fill(rng, rng.choice(CAPTIONS), topic)))
            elif chance < 0.2:
                middle.append(
                    (
                        "boilerplate",
                        rng.choice(["Advertisement", "Story continues below", "Sign up for our daily newsletter"]),
                    )
                )
    return middle


def _footer(rng: random.Random, sample: Sample, topic: dict[str, str]) -> list[tuple[str, str]]:
    foot: list[tuple[str, str]] = []
    if rng.random() < 0.15:
        one, two = rng.sample(PEOPLE, 2)
        foot.append(("byline", f"(Reporting by {one}; Editing by {two})"))
        sample.authors = sample.authors or one
    elif rng.random() < 0.15 and not sample.authors:
        one, outlet = rng.choice(PEOPLE), rng.choice(OUTLETS[:4])
        foot.append(("byline", f"{one} – {topic['place']} correspondent for {outlet}"))
        sample.authors, sample.publisher = one, outlet
    for line in rng.sample(TAIL, rng.randint(0, 4)):
        foot.append(("boilerplate", _fill(rng, line, topic)))
        if line.startswith("©"):
            sample.publisher = sample.publisher or foot[-1][1][7:].split(". All")[0]
        if line in {"Related Articles", "You may also like", "More from World"}:
            foot += [("crosslink", _other_headline(rng)) for _ in range(rng.randint(0, 3))]
    return foot
