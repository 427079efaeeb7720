# ruff: noqa: E501  (catalogues: one entry a line)
"""Fields of the simulated world: concepts (MAG fields of study), topics with their subfields, keywords."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from scholarflow.simulate.effects import ARTIFICIAL_INTELLIGENCE
from scholarflow.simulate.seeds import xxhash64


@dataclass(frozen=True)
class Subject:
    """One field: its own concept, its root, its share of the authors who start early and late, its communities."""

    name: str
    concept: int
    root: int
    early: float
    late: float
    topics: tuple[int, ...]
    communities: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Concept:
    """A concept of OpenAlex, which is a field of study of MAG under the same number."""

    id: int
    name: str
    level: int


@dataclass(frozen=True)
class Topic:
    """A topic of OpenAlex with what it belongs to; subfield, field and domain are (id, name)."""

    id: int
    name: str
    subfield: tuple[int, str]
    field: tuple[int, str]
    domain: tuple[int, str]


_ROOTS = {
    41008148: "Computer science",
    86803240: "Biology",
    121332964: "Physics",
    192562407: "Materials science",
    71924100: "Medicine",
    162324750: "Economics",
}

# name | concept | root | early | late | topics | keywords of three communities
_SUBJECTS = """
Artificial intelligence|154945302|41008148|16|26|10320 10462 10028 12026|reinforcement learning, planning, multi-agent system, markov decision process, game theory, robot control, heuristic search, policy gradient; knowledge representation, ontology, expert system, logic programming, fuzzy logic, bayesian network, constraint satisfaction, commonsense reasoning; deep learning, artificial neural network, representation learning, generative model, attention mechanism, transfer learning, language model, diffusion model
Computer vision|31972630|41008148|7|12|10036 10531 10057 10052|object detection, image segmentation, convolutional neural network, feature extraction, semantic segmentation, visual recognition, pose estimation; image processing, edge detection, stereo vision, optical flow, motion estimation, image registration, camera calibration; face recognition, biometrics, medical imaging, video tracking, gesture recognition, image retrieval, super-resolution
Machine learning|119857082|41008148|5|10|11307 10320 12535|support vector machine, kernel method, decision tree, random forest, ensemble learning, feature selection, boosting; stochastic gradient descent, convex optimization, regularization, online learning, generalization bound, sparse coding, federated learning; clustering, anomaly detection, gaussian process, active learning, semi-supervised learning, graph neural network, recommender system
Natural language processing|204321447|41008148|4|7|10181 10028|machine translation, parsing, part-of-speech tagging, morphology, grammar induction, alignment, corpus; sentiment analysis, question answering, information extraction, named entity recognition, summarization, text classification, entity linking; speech recognition, dialogue system, word embedding, pretrained model, prompt, large language model, coreference
Algorithm|11413529|41008148|9|6|10720 11612|approximation algorithm, graph algorithm, combinatorial optimization, scheduling, network flow, randomized algorithm; genetic algorithm, swarm optimization, simulated annealing, metaheuristic, evolutionary computation, tabu search; data structure, hashing, string matching, sorting, computational geometry, complexity
Computer network|31258907|41008148|9|7|10080 10138 10148|wireless sensor network, routing protocol, ad hoc network, energy efficiency, topology control, clustering protocol; congestion control, quality of service, traffic engineering, network topology, peer-to-peer, multicast; cellular network, software-defined networking, edge computing, internet of things, 5g, vehicular network
Computer security|38652104|41008148|5|7|10237 10400|encryption, authentication, public key, digital signature, key exchange, homomorphic encryption; intrusion detection, malware, botnet, denial of service, vulnerability, fuzzing; privacy, blockchain, access control, anonymity, smart contract, trust
Database|77088390|41008148|6|4|11106 10317|query optimization, transaction, indexing, concurrency control, relational algebra, storage engine; data mining, association rule, data warehouse, stream processing, data cleaning, schema matching; spatial database, graph database, provenance, crowdsourcing, similarity join, key-value store
Operating system|111919701|41008148|4|2|10054 11181|virtual memory, file system, scheduler, kernel, device driver, real-time system; virtualization, cloud computing, hypervisor, container, checkpointing, resource allocation; multicore, cache coherence, transactional memory, persistent memory, energy management, fault tolerance
Programming language|199360897|41008148|5|3|10126 10743|type system, functional programming, lambda calculus, type inference, semantics, module system; compiler, program analysis, static analysis, garbage collection, just-in-time compilation, register allocation; model checking, program synthesis, symbolic execution, formal verification, refactoring, domain-specific language
World Wide Web|136764020|41008148|2|4|10215 10799|web service, semantic web, linked data, ontology matching, web crawler, service composition; social network, recommendation, user behavior, tagging, influence maximization, online community; search engine, web search, click model, e-commerce, web usability, digital library
Genetics|54355233|86803240|9|8|10015 10878|gene expression, transcription factor, microarray, regulatory network, rna sequencing, epigenetics; mutation, population genetics, phylogeny, genome, selection, single nucleotide polymorphism; crispr, gene therapy, stem cell, proteomics, protein structure, cell signaling
Condensed matter physics|26873012|121332964|9|6|10192 10020|superconductivity, magnetism, spin, phase transition, fermi surface, quantum hall effect; graphene, topological insulator, band gap, density functional theory, phonon, two-dimensional material; quantum computing, entanglement, optical lattice, bose–einstein condensate, decoherence, photonics
Nanotechnology|171250308|192562407|4|8|10074 10090|nanoparticle, thin film, catalysis, nanotube, self-assembly, quantum dot; solar cell, battery, perovskite, electrolyte, supercapacitor, photocatalysis; composite, alloy, mechanical property, corrosion, coating, microstructure
Internal medicine|126322002|71924100|9|9|10189 10304|clinical trial, hypertension, diabetes, risk factor, cohort study, mortality; cancer, chemotherapy, biomarker, survival, immunotherapy, tumor; infection, vaccine, antibiotic resistance, epidemiology, inflammation, covid-19
Econometrics|149782125|162324750|4|4|10315 10470|panel data, causality, unemployment, wage, inequality, migration; volatility, asset pricing, risk management, monetary policy, forecasting, time series; trade, productivity, innovation, patent, regional development, growth
"""

# id | name | subfield id | subfield | field id | field | domain id | domain
_TOPICS = """
10320|Neural Networks and Applications|1702
10462|Reinforcement Learning in Robotics|1702
10028|Topic Modeling|1702
12026|Explainable Artificial Intelligence (XAI)|1702
10036|Advanced Neural Network Applications|1707
10531|Advanced Vision and Imaging|1707
10057|Face and Expression Recognition|1707
10052|Medical Image Segmentation Techniques|1707
11307|Domain Adaptation and Few-Shot Learning|1702
12535|Machine Learning and Data Classification|1702
10181|Natural Language Processing Techniques|1702
10720|Complexity and Algorithms in Graphs|1703
11612|Stochastic Gradient Optimization Techniques|1702
10080|Energy Efficient Wireless Sensor Networks|1705
10138|Network Traffic and Congestion Control|1705
10148|Advanced MIMO Systems Optimization|2208
10237|Cryptography and Data Security|1702
10400|Network Security and Intrusion Detection|1705
11106|Data Management and Algorithms|1711
10317|Advanced Database Systems and Queries|1705
10054|Parallel Computing and Optimization Techniques|1708
11181|Advanced Data Storage Technologies|1705
10126|Logic, programming, and type systems|1702
10743|Software Testing and Debugging Techniques|1712
10215|Semantic Web and Ontologies|1702
10799|Data Visualization and Analytics|1707
10015|Genomics and Phylogenetic Studies|1312
10878|CRISPR and Genetic Engineering|1312
10192|Catalytic Processes in Materials Science|2505
10020|Quantum Information and Cryptography|3107
10074|Carbon Nanotubes in Composites|2505
10090|Perovskite Materials and Applications|2504
10189|Blood Pressure and Hypertension Studies|2705
10304|Immunotherapy and Immune Responses|2403
10315|Decision-Making and Behavioral Economics|1403
10470|Monetary Policy and Economic Impact|2000
"""

_SUBFIELDS = {
    1702: ("Artificial Intelligence", 17),
    1703: ("Computational Theory and Mathematics", 17),
    1705: ("Computer Networks and Communications", 17),
    1707: ("Computer Vision and Pattern Recognition", 17),
    1708: ("Hardware and Architecture", 17),
    1711: ("Signal Processing", 17),
    1712: ("Software", 17),
    1312: ("Molecular Biology", 13),
    1403: ("Business and International Management", 14),
    2000: ("General Economics, Econometrics and Finance", 20),
    2208: ("Electrical and Electronic Engineering", 22),
    2403: ("Immunology", 24),
    2504: ("Electronic, Optical and Magnetic Materials", 25),
    2505: ("Materials Chemistry", 25),
    2705: ("Cardiology and Cardiovascular Medicine", 27),
    3107: ("Atomic and Molecular Physics, and Optics", 31),
}
_FIELDS = {
    13: ("Biochemistry, Genetics and Molecular Biology", 1),
    14: ("Business, Management and Accounting", 2),
    17: ("Computer Science", 3),
    20: ("Economics, Econometrics and Finance", 2),
    22: ("Engineering", 3),
    24: ("Immunology and Microbiology", 1),
    25: ("Materials Science", 3),
    27: ("Medicine", 4),
    31: ("Physics and Astronomy", 3),
}
_DOMAINS = {1: "Life Sciences", 2: "Social Sciences", 3: "Physical Sciences", 4: "Health Sciences"}

PATTERN_RECOGNITION = 153180895


def _subjects() -> tuple[Subject, ...]:
    rows = []
    for line in _SUBJECTS.strip().splitlines():
        name, concept, root, early, late, topics, words = line.split("|")
        groups = tuple(tuple(word.strip() for word in group.split(",")) for group in words.split(";"))
        numbers = tuple(int(topic) for topic in topics.split())
        rows.append(Subject(name, int(concept), int(root), float(early), float(late), numbers, groups))
    return tuple(rows)


def _topics() -> tuple[Topic, ...]:
    rows = []
    for line in _TOPICS.strip().splitlines():
        number, name, subfield = line.split("|")
        sub_name, field = _SUBFIELDS[int(subfield)]
        field_name, domain = _FIELDS[field]
        rows.append(
            Topic(int(number), name, (int(subfield), sub_name), (field, field_name), (domain, _DOMAINS[domain]))
        )
    return tuple(rows)


SUBJECTS = _subjects()
TOPICS = _topics()
TOPIC_INDEX = {topic.id: i for i, topic in enumerate(TOPICS)}

# Keywords in one list; the keywords of community c of subject s are KEYWORD_SPANS[s, c] = (first, count).
KEYWORDS = tuple(word for subject in SUBJECTS for group in subject.communities for word in group)
_sizes = np.array([[len(group) for group in subject.communities] for subject in SUBJECTS])
KEYWORD_SPANS = np.stack([np.cumsum(_sizes).reshape(_sizes.shape) - _sizes, _sizes], axis=-1)
COMMUNITIES = _sizes.shape[1]


def slug(text: str) -> str:
    """The identifier of a keyword: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


KEYWORD_SLUGS = tuple(slug(word) for word in KEYWORDS)
KEYWORD_IDS = np.array([xxhash64(text) for text in KEYWORD_SLUGS], dtype=np.int64)


def _concepts() -> tuple[Concept, ...]:
    rows = [Concept(number, name, 0) for number, name in _ROOTS.items()]
    rows += [Concept(subject.concept, subject.name, 1) for subject in SUBJECTS]
    rows.append(Concept(PATTERN_RECOGNITION, "Pattern recognition (psychology)", 1))
    rows += [Concept(2_776_000_001 + 37 * i, word.capitalize(), 2) for i, word in enumerate(KEYWORDS)]
    return tuple(rows)


CONCEPTS = _concepts()
CONCEPT_INDEX = {concept.id: i for i, concept in enumerate(CONCEPTS)}
FIRST_KEYWORD_CONCEPT = len(CONCEPTS) - len(KEYWORDS)
SUBJECT_CONCEPTS = np.array([CONCEPT_INDEX[subject.concept] for subject in SUBJECTS], dtype=np.int64)
SUBJECT_ROOTS = np.array([CONCEPT_INDEX[subject.root] for subject in SUBJECTS], dtype=np.int64)
AI_CONCEPT = CONCEPT_INDEX[ARTIFICIAL_INTELLIGENCE]
COMPUTING = np.array([subject.root == 41008148 for subject in SUBJECTS])
