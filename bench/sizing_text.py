"""What the sizing page says beside its figures."""

INTRODUCTION = """\
What full OpenAlex (460 M works) and MAG (270 M papers, its last state of 2021) would take, carried on from small
measured sizes. **Nobody has run either yet**: figures of a full dump are extrapolations by a factor of up to a
thousand, of what Spark shuffles four thousand, and say the order of magnitude. Of two figures the first is on the
line through what was measured, whatever a step costs at every size apart, and the second on the curve with the exponent
that fits best. Written by `python -m bench.sizing_run`."""

ASSUMED = """\
Rows of works are those asked for; bytes of part files are what OpenAlex states, and for MAG those of March 2019
(doi:10.5281/zenodo.2628216) in proportion; authorships, citations and the size of the field are assumed. Stages that
read the field's works alone take in proportion less for a smaller field. A core hour is one of the measured machine's.

Simulated works have more authors and references than those assumed of a full dump, and tables that are made of whole
works are carried on by works: their bytes are rather too many. Each remaking of a table keeps its old files until they
are vacuumed: plan twice the tables. Shuffled bytes need local disk on the executors, for as long as a stage runs: the
largest stage below, not the sum. Spilled bytes come on top where memory is short; nothing spilled at the measured
sizes."""

LIMITS = """\
Core hours by cores, of which {efficiency:.0%} are taken to be busy, stages one after another; no stage on more cores
than it has tasks: `keyword_parameters` is one task, `venue_pairs`, `work_novelty`, `content_novelty` and
`content_model_years` one a year of the period ([scale](decisions/scale.md)). What a session takes to start and plan,
some minutes, is not in it. No cluster of more than two cores has been measured, and Sail on no more either: reading
spreads over cores, of the rest that is not known. MAG's ingest is Sail's on either engine, as Spark's was not
measured."""

MEMORY = """\
Measured peaks, the larger of ingest and study: {peaks} works. On their line ({fixed} and {slope:.1f} kB a simulated
work) {share:.0%} of the memory hold:"""

MEMORY_BEYOND = """\
All of OpenAlex would take {full}. All here but the peaks is extrapolated; [benchmark](benchmark.md) has 7.4 GB at
4,000,000 works, for the ingest and sixteen tables."""

READING = """\
The two of OpenAlex are real records, repeated to 300 MB, from part file to Parquet on one core: {a_record:.0f} µs a
record and {a_byte:.1f} s a GB of JSON explain both. Were all records as long as the longer ones, reading OpenAlex
would take {longest} core hours. The last is the whole ingest of a real MAG dump without references, on Sail; MAG is
carried on from it in proportion to bytes."""

GROWTH = """\
Sums over the stages of a step whose work is made of the same rows; *fixed* is the line's part that does not grow.
Exponents are one for a step: the one that fits best, and in brackets the least and largest where one of the measured
sizes is left out. They are not let below 1, as a cost that is always there would pass for slow growth. A full dump is
put at as many simulated works as have its rows of what the stages are made of. docs/benchmark.md, quiet, has Sail's CPU
seconds at 250,000, 1 M and 4 M works: 42, 132, 518 in ingest (exponent 1.05 between the increments) and 9, 23, 124 for
sixteen tables of a study (1.42); so a study's exponent may be beyond the one used here. Spark's own tasks there, on the
line through 1 M and 4 M works, come to 26 core hours for the ingest of OpenAlex and 5.6 for the sixteen tables, and its
shuffle to 5 GB and 44 GB. Between 1 M and 4 M works the tables that shuffle most there grew by 4.2 to 5.4, exponents of
1.03 to 1.22: more than the smaller sizes here show."""

METHOD = """\
- Simulated OpenAlex snapshots, every table, one table after another.
- Sail: CPU seconds, memory and bytes of tables at {sail} works, a process a size and step.
- Spark: bytes written to the shuffle, from its event log, at {spark} works,
  local, with partitions and broadcasts as in `conf/spark-local.conf`: what is broadcast here and shuffled where it no
  longer fits ([scale](decisions/scale.md)) is not in it.
- CPU seconds, not wall time, which other work on the machine would lengthen: it was busy, and CPU seconds too are more
  on a busy machine than on a quiet one, by what is not known.
- Spark's core hours are Sail's times {ingest} in ingest without reading and {derive} in a study: what its tasks took by
  Sail's CPU seconds at 4 M works in [benchmark](benchmark.md). Its own CPU seconds at these sizes are mostly compilers.
- The fit is `bench/growth.py`: least squares of relative errors over a part that is fixed and one that grows; its tests
  find known laws again. `python -m bench.sizing_run --help` says how to measure anew."""
