# One command for each thing a person does here. A fresh machine needs Python 3.11 to 3.13 and make, no more.
#
#   PYTHON=/path/to/python   the interpreter to build on (after `make clean`, where a .venv stands already)
#   ARGS="--seed 7"          words handed on to `fivepenny play`
#   PYTEST_ARGS="-k auction" words handed on to pytest, in place of all tests on two processes
#
# pip's own settings (PIP_*, pip.conf) hold: an offline machine points them at its wheels.

PYTEST_ARGS ?= -n 2 --dist loadfile
# Alone and first, and exact: the wheels that pip is pointed at decide the build, and an open requirement
# lets a newer one with gigabytes of GPU libraries win over the CPU build.
TORCH := torch==2.13.0
EVERYTHING := .[dev,academy,hub]
PYTHONS = $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
FITTING := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

BIN := .venv/bin
PIP := $(BIN)/python -I -m pip install -qq --disable-pip-version-check --no-compile
MADE := .venv/.made-by-make
RUNS := .venv/.can-play
TESTED := .venv/.can-test
BUSY := .venv/.unfinished

# A stamp proves nothing where the checkout was moved (scripts and the editable link hold its path), where the
# interpreter under .venv has gone, or where a set-up was killed: then .venv is made again.
ifneq ($(shell test ! -e $(BUSY) && test "$$(cat $(MADE) 2>/dev/null)" = "$(CURDIR)" && $(BIN)/python -c '' 2>/dev/null && echo fit),fit)
$(MADE): unfit
endif

# Another checkout's sources must not shadow this one's.
unexport PYTHONPATH PYTHONHOME

.PHONY: help play test lint format clean unfit
.NOTPARALLEL:

help:
	@echo "make play    set up what is missing and play the default season (ARGS=... for fivepenny play)"
	@echo "make test    set up what is missing; style, types and tests (PYTEST_ARGS=... for pytest)"
	@echo "make lint    style and types only"
	@echo "make format  lay the sources out as lint wants them"
	@echo "make clean   remove .venv, caches and builds; seasons in runs/ stay"

play: $(RUNS)
	@$(BIN)/fivepenny play $(ARGS)

# Every check runs, so that one round shows all that is wrong; pytest's closing line comes last.
define check
	{ echo "== $(1)"; $(BIN)/$(2) || failed="$$failed $(1);"; }
endef
STYLE = $(call check,ruff check,ruff check --quiet .); $(call check,ruff format,ruff format --check --quiet .); \
    $(call check,mypy,mypy)
VERDICT = test -z "$$failed" || { echo "make $@: failed:$$failed see above" >&2; exit 1; }

test: $(TESTED)
	@failed=; $(STYLE); OMP_NUM_THREADS=1; export OMP_NUM_THREADS; $(call check,pytest,pytest $(PYTEST_ARGS)); $(VERDICT)

lint: $(TESTED)
	@failed=; $(STYLE); $(VERDICT)

format: $(TESTED)
	@$(BIN)/ruff check --quiet --select I --fix . && $(BIN)/ruff format --quiet .

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up: a stamp is written after the last step only, and BUSY outlives a kill ----

# An install that fails by itself leaves .venv as it was; one that is killed may leave half a package behind.
# Hence BUSY goes on success and on failure, and stays on a kill (a status above 128).
define install
	trap 'exit 130' INT TERM; touch $(BUSY); $(1); status=$$?; test $$status -gt 128 || rm -f $(BUSY); \
	test $$status -eq 0 || { echo "make: the set-up stopped (pip's status $$status); run it again" >&2; exit 1; }
endef

$(MADE):
	@chosen=; bare=; \
	for candidate in $(PYTHONS); do \
	    "$$candidate" -c '$(FITTING)' 2>/dev/null || continue; \
	    "$$candidate" -c 'import ensurepip, venv' 2>/dev/null || { bare=$$candidate; continue; }; \
	    chosen=$$candidate; break; \
	done; \
	if test -z "$$chosen$$bare"; then \
	    echo "make: no Python 3.11, 3.12 or 3.13 among: $(PYTHONS); install one, or name it by PYTHON=..." >&2; exit 1; \
	elif test -z "$$chosen"; then \
	    echo "make: $$bare lacks the venv module; install it (on Debian: the package python3-venv)" >&2; exit 1; \
	fi; \
	if test -e $(BUSY) || test -e $@ || ! $(BIN)/python -I -c 'import pip; $(FITTING)' 2>/dev/null; then \
	    echo "Making .venv with $$("$$chosen" --version)"; \
	    "$$chosen" -m venv --clear --without-pip .venv && touch $(BUSY) && \
	    $(BIN)/python -I -m ensurepip --default-pip >/dev/null && rm -f $(BUSY) || exit 1; \
	fi; \
	printf '%s\n' "$(CURDIR)" > $@

$(RUNS): $(MADE) pyproject.toml
	@echo "Installing what a season needs (about 100 MB)"
	@$(call install,$(PIP) --editable .)
	@touch $@

$(TESTED): $(MADE) pyproject.toml
	@echo "Installing $(TORCH) (about 200 MB in its CPU build; the longest step)"
	@$(call install,$(PIP) $(TORCH))
	@echo "Installing what the tests and the academy need"
	@$(call install,$(PIP) --editable '$(EVERYTHING)')
	@touch $(RUNS) $@
