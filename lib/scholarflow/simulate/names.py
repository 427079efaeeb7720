# ruff: noqa: E501  (catalogues: one entry a line)
"""Names by ancestry region, so that who is called what follows where families come from."""

from __future__ import annotations

import numpy as np

from scholarflow.simulate.geography import COUNTRIES
from scholarflow.simulate.seeds import FloatArray, IntArray

# region: given names / family names
_POOLS = """
anglo: James Mary Robert Linda John Susan David Karen Michael Emily William Sarah Thomas Laura Andrew Rachel Peter Helen Paul Alice Mark Jane Simon Claire / Smith Johnson Brown Taylor Wilson Davis Clark Lewis Walker Hall Young King Wright Hill Scott Green Baker Adams Nelson Carter Mitchell Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris
chinese: Wei Jing Li Yan Min Hao Xin Ying Jun Lei Yu Fang Ming Ling Tao Hui Chao Na Peng Xia Qiang Juan Bo Yang / Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Luo Gao Zheng Liang Xie Song Tang Deng Han Feng Cao Peng
indian: Amit Priya Rajesh Anjali Sanjay Deepa Vikram Kavita Arun Sunita Rahul Meera Suresh Lakshmi Anil Pooja Manish Neha Ravi Divya / Sharma Kumar Singh Gupta Patel Reddy Rao Iyer Nair Mehta Joshi Das Banerjee Chatterjee Mukherjee Agarwal Verma Mishra Srinivasan Krishnan Menon Desai Bose Ghosh
hispanic: José María Carlos Ana Luis Carmen Juan Isabel Miguel Lucía Pedro Elena Javier Sofía Rafael Beatriz Fernando Paula Diego Teresa / García Rodríguez Martínez López González Hernández Pérez Sánchez Ramírez Torres Flores Silva Santos Oliveira Pereira Costa Ferreira Almeida Gómez Díaz Vargas Castro Ortiz Moreno
german: Hans Anna Klaus Ursula Stefan Katrin Jürgen Sabine Thomas Heike Wolfgang Julia Matthias Petra Andreas Monika / Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun
french: Jean Marie Pierre Isabelle Philippe Nathalie Michel Sophie François Catherine Laurent Céline Nicolas Émilie Olivier Anne / Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garnier Roux Fournier Girard Bonnet Mercier
japanese: Hiroshi Yuki Takashi Keiko Kenji Akiko Satoshi Naoko Makoto Yoko Masahiro Tomoko Kazuo Emi Shinji Mika / Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Matsumoto Inoue Kimura Hayashi Shimizu Mori Ikeda
korean: Min-Jun Ji-Woo Seung-Hyun Hye-Jin Sung-Ho Eun-Ji Jae-Won Soo-Jin Dong-Hyun Mi-Kyung Young-Ho Yoon-Ah Sang-Woo Hyun-Jung / Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song
italian: Giuseppe Maria Antonio Francesca Marco Giulia Paolo Chiara Andrea Laura Stefano Elena Luca Silvia / Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Mancini Rizzo Lombardi Moretti Barbieri
dutch: Jan Anna Pieter Maria Willem Johanna Hendrik Eva Bart Sanne Jeroen Lotte Maarten Femke / de_Jong Jansen de_Vries van_den_Berg van_Dijk Bakker Visser Smit Meijer de_Boer Mulder de_Groot Bos Vos Peters Hendriks van_Leeuwen Dekker
nordic: Lars Anna Erik Ingrid Anders Karin Johan Sofia Magnus Maria Mikko Hanna Jens Mette / Andersson Johansson Nilsson Larsen Hansen Jensen Nielsen Korhonen Virtanen Olsen Berg Lindström Mäkinen Pedersen Karlsson Persson Dahl Holm
slavic: Ivan Olga Sergei Natalia Dmitri Elena Alexei Anna Piotr Katarzyna Tomasz Agnieszka Andrei Tatiana / Ivanov Petrov Smirnov Kuznetsov Popov Volkov Sokolov Kowalski Nowak Wiśniewski Wójcik Kamiński Novák Horvat Morozov Lebedev Kozlov Zieliński
hebrew: David Noa Yosef Tamar Avi Michal Moshe Yael Eitan Rivka Daniel Shira / Cohen Levi Mizrahi Peretz Friedman Katz Goldberg Shapiro Ben-David Rosenberg Weiss Kaplan Avraham Barak
persian: Ali Zahra Reza Maryam Hossein Fatemeh Mehdi Leila Amir Sara Mohsen Narges / Ahmadi Hosseini Mohammadi Karimi Rezaei Moradi Jafari Rahimi Ghorbani Sadeghi Ebrahimi Farahani Tehrani Kazemi
arabic: Mohamed Fatima Ahmed Aisha Omar Layla Khaled Nour Hassan Mariam Youssef Amina / Al-Harbi Hassan Ibrahim Mahmoud Al-Ghamdi Mostafa Saleh Abdullah Al-Otaibi Benali Mansour Farouk Haddad Nasser
turkish: Mehmet Ayşe Mustafa Fatma Ahmet Emine Hüseyin Zeynep Murat Elif Emre Selin / Yılmaz Kaya Demir Çelik Şahin Yıldız Öztürk Aydın Arslan Doğan Kılıç Aslan Çetin Koç
greek: Georgios Maria Dimitrios Eleni Konstantinos Katerina Ioannis Sofia Nikolaos Anna / Papadopoulos Nikolaidis Georgiou Pappas Dimitriou Karagiannis Vlachos Makris Angelopoulos Oikonomou
malay: Ahmad Siti Mohd Nur Azman Aminah Ismail Farah Hafiz Aisyah / Abdullah Ismail Rahman Othman Yusof Hamzah Zainal Kassim Mahmud Razak
vietnamese: Minh Lan Hung Thu Tuan Huong Duc Linh Quang Mai / Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do
"""


def _pools() -> tuple[dict[str, tuple[int, int, int, int]], tuple[str, ...], tuple[str, ...]]:
    given: list[str] = []
    family: list[str] = []
    spans = {}
    for line in _POOLS.strip().splitlines():
        region, rest = line.split(": ", 1)
        first, last = (part.split() for part in rest.split(" / "))
        spans[region] = (len(given), len(first), len(family), len(last))
        given += first
        family += [name.replace("_", " ") for name in last]
    return spans, tuple(given), tuple(family)


_SPANS, GIVEN, FAMILY = _pools()
REGIONS = tuple(_SPANS)
MIDDLE = ("", *(f"{letter}." for letter in "ABCDEFGHJKLMNPRSTW"))

# A name is one number: given, middle, family; what differs only in `given` with the same initial is "similar".
_INITIAL = np.array([ord(name[0]) for name in GIVEN], dtype=np.int64)


def draw_names(country: IntArray, rng: np.random.Generator) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Region, given name, middle initial and family name (indexes) for authors born in the given countries."""
    n = len(country)
    region = np.zeros(n, dtype=np.int16)
    for index, place in enumerate(COUNTRIES):
        rows = np.flatnonzero(country == index)
        shares = np.array([place.ancestry.get(name, 0.0) for name in REGIONS])
        region[rows] = rng.choice(len(REGIONS), size=len(rows), p=shares / shares.sum())
    spans = np.array([_SPANS[name] for name in REGIONS])[region]
    given = (spans[:, 0] + skewed(rng.random(n), spans[:, 1])).astype(np.int16)
    family = (spans[:, 2] + skewed(rng.random(n), spans[:, 3])).astype(np.int16)
    middle = np.where(rng.random(n) < 0.35, rng.integers(1, len(MIDDLE), n), 0).astype(np.int8)
    return region, given, middle, family


def skewed(draws: FloatArray, sizes: IntArray) -> IntArray:
    """Ranks 0 … size−1, the low ones oftener: family names follow no uniform law."""
    ranks: IntArray = np.floor(draws**1.6 * sizes).astype(np.int64)
    return ranks


def namesakes(given: IntArray, family: IntArray, rng: np.random.Generator) -> IntArray:
    """For each author another one with the same family name and initial, −1 where there is none."""
    key = family.astype(np.int64) * 256 + _INITIAL[given] % 256
    order = np.lexsort((rng.random(len(key)), key))
    following = np.roll(order, -1)
    same = key[order] == key[following]
    result = np.full(len(key), -1, dtype=np.int64)
    result[order[same]] = following[same]
    result[result == np.arange(len(key))] = -1
    return result


def display_name(given: int, middle: int, family: int) -> str:
    """The name as a source writes it."""
    return f"{GIVEN[given]} {MIDDLE[middle]} {FAMILY[family]}" if middle else f"{GIVEN[given]} {FAMILY[family]}"


def display_names(given: IntArray, middle: IntArray, family: IntArray) -> list[str]:
    """The names as sources write them."""
    rows = zip(given.tolist(), middle.tolist(), family.tolist(), strict=True)
    return [display_name(*row) for row in rows]
