# scholarflow: `make help` lists what there is.
ENGINE ?= auto
PYTHON ?= python3
WORKS  ?= 20000
REPEATS ?= 3
EXAMPLES ?= 2000
TIMES  ?= 20
ENGINES ?= duckdb,sail,spark,spark-2g,pyscisci
DEMO   := demo
BIN    := .venv/bin
RUN    := $(BIN)/scholarflow
# Two processes fill two cores better than one, whose small plans leave a core idle; each file stays in one of them, in
# the order of tests/conftest.py.
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help

.PHONY: help
help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/.ready ## .venv with everything that requirements.lock pins, and the command .venv/bin/scholarflow

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.PHONY: demo
demo: setup ## simulate a snapshot, ingest it, make every table, print and draw the headlines (WORKS=20000 ENGINE=auto|sail|spark)
	@$(RUN) simulate --works $(WORKS) --seed 7 --format openalex --out $(DEMO)/snapshot
	@$(RUN) ingest openalex --input $(DEMO)/snapshot --root $(DEMO)/root --engine $(ENGINE)
	@$(RUN) run --root $(DEMO)/root --engine $(ENGINE)
	@$(RUN) show country_totals --root $(DEMO)/root --where years=period --sort rank_works --limit 10 \
		--columns country_name,n_works,share_works,n_scientists,total_c2,mean_c2,share_hits,n_international
	@$(RUN) show kinds_of_works --root $(DEMO)/root --where pub_year=null \
		--columns lead_country,partner_country,collaborates,n_works,mean_team
	@$(RUN) show migration_flows --root $(DEMO)/root --sort -n_moves --limit 10 \
		--columns origin_country_name,destination_country_name,move_year,n_moves,n_entries,rate
	@$(RUN) show collaboration_edges --root $(DEMO)/root --sort -n_works --limit 10
	@$(RUN) show coverage_years --root $(DEMO)/root --sort -pub_year --limit 5
	@echo "All tables: $(RUN) tables --root $(DEMO)/root    any table: $(RUN) show TABLE --root $(DEMO)/root"
	@echo "Delta tables in $(DEMO)/root, results as CSV in $(DEMO)/root/studies/ai-us-cn/csv, the planted truth in $(DEMO)/snapshot/truth"
	@$(RUN) report --root $(DEMO)/root --out $(DEMO)/report
	@echo "The report, to be opened in a browser: $(DEMO)/report/index.html"

.PHONY: test
test: setup ## every test; those that need Java say so where there is none
	$(BIN)/python -m pytest $(PARALLEL)

.PHONY: test-fast
test-fast: setup ## the quick ones: no Spark, no browser, nothing end to end
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow and not spark and not browser and not cluster"

.PHONY: fuzz
fuzz: setup ## odd input at length, new examples each time (EXAMPLES=2000 a test: a quarter of an hour)
	EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests/ingest/test_fuzz_*.py --hypothesis-profile long --hypothesis-show-statistics

.PHONY: audit
audit: setup ## known vulnerabilities of what requirements.lock pins, as PyPI knows them; needs the internet
	@$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict --progress-spinner off || \
		{ echo "audit: failed: see above whether something is vulnerable, or could not be asked about" >&2; exit 1; }

.PHONY: cluster-test
cluster-test: setup ## every table, and kills, on a Spark standalone cluster on loopback; Spark on an object store there
	$(BIN)/python -m pytest -m "slow or cluster" tests/test_cluster.py tests/test_object_store.py

.PHONY: object-store-test
object-store-test: setup ## places, the lease and tables in a store of yours (OBJECT_STORE=abfss://… or gs://…, its package in .venv)
	$(BIN)/python -m pytest -m "not cluster" tests/engine/test_places.py tests/engine/test_lease.py tests/test_object_store.py

.PHONY: fault-test
fault-test: setup ## kills and cut files in every stage, full disks, clocks (TIMES=20 random kills of each: hours); build/faults.md
	TIMES=$(TIMES) $(BIN)/python -m pytest -m "faults or not faults" tests/faults

.PHONY: browser
browser: ## Chromium for the tests that open the report, where there is none: Debian's, by apt-get, as root
	@if command -v chromium || command -v chromium-browser || command -v google-chrome; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else echo "No Chromium here: install it (Debian, Ubuntu: apt-get install chromium), or name one by CHROMIUM=…" >&2; exit 1; fi

.PHONY: check
check: setup ## ruff, mypy --strict, generated documentation
	$(BIN)/ruff check lib jobs tests bench deploy
	$(BIN)/ruff format --check lib jobs tests bench deploy
	$(BIN)/mypy
	$(BIN)/python -m scholarflow.tables.documentation --check docs/tables.md

.PHONY: format
format: setup ## ruff's fixes and format
	$(BIN)/ruff check --fix lib jobs tests bench deploy
	$(BIN)/ruff format lib jobs tests bench deploy

.PHONY: docs
docs: setup ## docs/tables.md from the declarations
	$(BIN)/python -m scholarflow.tables.documentation --write docs/tables.md

.PHONY: lock
lock: setup ## resolve requirements.lock, bench/requirements.lock and requirements-ancestry.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --extra regress --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock
	$(BIN)/uv pip compile --quiet --group bench --constraints requirements.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o bench/requirements.lock

	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --extra ancestry --constraints requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		-o requirements-ancestry.lock

.PHONY: ancestry
ancestry: .venv/.ancestry ## ethnicseer, for ancestry.classifier = "ethnicseer"; it brings abydos, which is under the GPL (docs/ancestry.md)

.venv/.ancestry: .venv/.ready requirements-ancestry.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ancestry.lock
	touch $@

.PHONY: dist
dist: setup ## dist/: the wheel, and a zip of the package for spark-submit --py-files
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .
	cp dist/scholarflow-*.whl dist/scholarflow.zip

.PHONY: bench
bench: WORKS = 250000 1000000 4000000
bench: .venv/.bench build/pyscisci/.ready ## time, memory and bytes beside DuckDB and pySciSci: docs/benchmark.md (WORKS="5000 10000" REPEATS=3 ENGINES=duckdb,sail)
	$(BIN)/python -m bench.run $(addprefix --works ,$(WORKS)) --repeats $(REPEATS) --contenders $(ENGINES) \
		--python pyscisci=build/pyscisci/bin/python $(BENCH)

.PHONY: sizing
sizing: .venv/.bench ## what full dumps would take, from measured growth: docs/sizing.md (SIZING="--records DIR --records DIR --mag DIR")
	$(BIN)/python -m bench.sizing_run $(SIZING)

.venv/.bench: .venv/.ready bench/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.lock
	touch $@

build/pyscisci/.ready:
	$(PYTHON) -m venv build/pyscisci
	build/pyscisci/bin/python -m pip install --quiet --disable-pip-version-check \
		pyscisci==0.92 "pandas<3" pyarrow networkx distributed matplotlib
	touch $@

.PHONY: clean
clean: ## remove the demo, caches and dist/
	rm -rf $(DEMO) dist build .pytest_cache .mypy_cache .ruff_cache
