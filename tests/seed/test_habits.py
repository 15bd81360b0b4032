"""What people write in cells is read where its meaning is certain, else refused with a remedy."""

import re

import pytest

from graph.domain.codes import Kind, Level, Qualifier
from seed import cells
from seed.cells import Cell, maybe, word
from seed.typed import read_cell

NB, NNB = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (cells.DECIMAL, "2 730", 2_730_000_000),
        (cells.DECIMAL, f"2{NB}730", 2_730_000_000),
        (cells.DECIMAL, f"1{NNB}002{NNB}730,5", 1_002_730_500_000),
        (cells.DECIMAL, "14,9 %", 14_900_000),
        (cells.DECIMAL, f"14,9{NNB}%", 14_900_000),
        (cells.DECIMAL, "14.9%", 14_900_000),
        (cells.DECIMAL, " 8.5 ", 8_500_000),
        (cells.DECIMAL, "+3", 3_000_000),
        (cells.DECIMAL, "\u22123,25", -3_250_000),
        (cells.DECIMAL, "1.234,5", 1_234_500_000),
        (cells.DECIMAL, "1,234.5", 1_234_500_000),
        (cells.DECIMAL, "1.234.567", 1_234_567_000_000),
        (cells.DECIMAL, "1,234,567", 1_234_567_000_000),
        (cells.DECIMAL, "0,125", 125_000),
        (cells.DECIMAL, "1234,567", 1_234_567_000),
        # The point is the decimal mark of the native form.
        (cells.DECIMAL, "1.234", 1_234_000),
        (cells.COUNT, "2 730", 2730),
        (cells.COUNT, "12,0", 12),
        (cells.COUNT, "12.0", 12),
        (cells.YEAR, "2017.0", 2017),
        (cells.DATE, "14/11/2017", "2017-11-14"),
        (cells.DATE, "14.11.2017", "2017-11-14"),
        (cells.DATE, "4-1-2017", "2017-01-04"),
        (cells.DATE, "2017/11/14", "2017-11-14"),
        (cells.DATE, "29/02/2016", "2016-02-29"),
        (cells.DATE, "14 novembre 2017", "2017-11-14"),
        (cells.DATE, "1er août 2017", "2017-08-01"),
        (cells.DATE, "14 déc. 2017", "2017-12-14"),
        (cells.DATE, "2017-11-14 00:00:00", "2017-11-14"),
        (cells.DATE, "2017-11-14T00:00", "2017-11-14"),
        (cells.PARTIAL_DATE, "nov. 2017", "2017-11"),
        (cells.PARTIAL_DATE, "Février 2017", "2017-02"),
        (cells.PARTIAL_DATE, "11/2017", "2017-11"),
        (cells.PARTIAL_DATE, "14/11/2017", "2017-11-14"),
        (cells.PARTIAL_DATE, "2017", "2017"),
        (cells.FLAG, "Oui", True),
        (cells.FLAG, "VRAI", True),
        (cells.FLAG, "x", True),
        (cells.FLAG, "non", False),
        (cells.FLAG, "Faux", False),
        (word(Kind), "commune", "COMMUNE"),
        (word(Kind), "Département", "DEPARTEMENT"),
        (word(Kind), "Intercommunalité", "EPCI"),
        (word(Level), "Or", "GOLD"),
        (word(Level), "grand prix", "GRAND_PRIX"),
        (word(Qualifier), "près de", "NEARLY"),
        (word(Qualifier), "jusqu’à", "UP_TO"),
        (cells.SIREN, "200 046 977", "200046977"),
        (cells.POSTAL_CODES, "45000, 45100 / 45160", "45000 45100 45160"),
        (cells.NAME, "  Orléans\n Métropole ", "Orléans Métropole"),
        (cells.NAME, f"{NB}L’Haÿ{NB}", "L’Haÿ"),
        (cells.NAME, f"Oui{NB}!", f"Oui{NB}!"),
        (cells.NAME, "'=1+1", "=1+1"),
        (cells.NAME, "Âge et âme", "Âge et âme"),
        (cells.NAME, "+ de nature en ville", "+ de nature en ville"),
        (maybe(cells.NAME), f" {NB}\t", None),
    ],
)
def test_certain_habits_are_read(cell: Cell, text: str, value: object) -> None:
    assert read_cell(cell, text) == value


@pytest.mark.parametrize(
    ("cell", "text", "reason"),
    [
        (cells.DECIMAL, "1,234", "may mean two figures; write 1234 or 1.234"),
        (cells.DECIMAL, "2 73", "write a plain decimal"),
        (cells.DECIMAL, "12 345 6", "write a plain decimal"),
        (cells.DECIMAL, "1.23.456", "write a plain decimal"),
        (cells.DECIMAL, "près de 900", "write a plain decimal"),
        (cells.DECIMAL, "1 250 k€", "write a plain decimal"),
        (cells.DECIMAL, "1e6", "write a plain decimal"),
        (cells.DECIMAL, "NaN", "write a plain decimal"),
        (cells.DECIMAL, "٣", "write a plain decimal"),
        (cells.COUNT, "1.250", "may mean two figures; write 1250 without a point or comma"),
        (cells.COUNT, "12,5", "write a whole number"),
        (cells.COUNT, "-3", "write a whole number"),
        (cells.YEAR, "17", "write four digits"),
        (cells.DATE, "31/02/2017", "does not exist, for 2017-02 has 28; write the right day"),
        (cells.DATE, "2017-02-31", "does not exist, for 2017-02 has 28; write the right day"),
        (cells.DATE, "29/02/2017", "does not exist, for 2017-02 has 28"),
        (cells.DATE, "00/01/2017", "does not exist"),
        (cells.DATE, "11/14/2017", "has no month 14; write the day first, as 14/11/2017"),
        (cells.DATE, "01/02/17", "has a year of two digits; write all four"),
        (cells.DATE, "14/11/0000", "does not exist"),
        (cells.DATE, "2017-11-14T10:30:00", "write it as 2017-11-14"),
        (cells.DATE, "nov. 2017", "write it as 2017-11-14"),
        (cells.DATE, "43053", "write it as 2017-11-14"),
        (cells.PARTIAL_DATE, "13/2017", "has no month 13"),
        (cells.PARTIAL_DATE, "printemps 2017", "write 2017, 2017-11 or 2017-11-14"),
        (cells.FLAG, "peut-être", "write 1 or 0"),
        (word(Level), "GLOD", "did you mean GOLD? Write one of GRAND_PRIX, GOLD"),
        (word(Level), "Platine", "write one of GRAND_PRIX"),
        (cells.SLUG, "Eau & Énergie", "such as eau-energie"),
        (cells.SIREN, "200 046 977 00012", "is a SIRET; write its first nine digits, 200046977"),
        (cells.ADDRESS, "www.example.org", "write https://"),
        (cells.NAME, "Albi\x00", "has an invisible character, U+0000, at place 5; remove it"),
        (cells.NAME, "Al\u200bbi", "U+200B, at place 3"),
        (cells.NAME, "Al\ud800bi", "U+D800"),
        (cells.NAME, "x" * 301, "write at most 300 characters"),
        (cells.NAME, "=1+1", "is a formula; write its value"),
        (cells.NAME, '=HYPERLINK("https://example.org")', "is a formula; write its value"),
        (cells.NAME, "@SUM(A1:A3)", "is a formula; write its value"),
        (cells.NAME, "OrlÃ©ans", "was read in a wrong encoding before; write Orléans"),
        (cells.NAME, "lâ€™eau", "was read in a wrong encoding before; write l’eau"),
        (cells.NAME, "Orl\ufffdans", "has lost a letter"),
        (cells.NAME, " ", "is empty; write a value"),
    ],
)
def test_uncertain_habits_are_refused_with_a_remedy(cell: Cell, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        read_cell(cell, text)
