# Two commands are enough: `make run` and `make test`. Each installs the Debian packages that are missing.
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)

.PHONY: run test build test-asan test-tsan test-gcc bench soak format lint package install clean

run: build
	build/release/backtalk demo

build:
	scripts/install-packages.sh build
	cmake --preset release -DBACKTALK_TESTS=OFF
	cmake --build --preset release -j $(JOBS) --target backtalk

test:
	scripts/install-packages.sh build test
	cmake --preset release -DBACKTALK_TESTS=ON
	cmake --build --preset release -j $(JOBS)
	ctest --preset release -j $(JOBS)

test-asan test-tsan test-gcc: test-%:
	scripts/install-packages.sh build test lint
	cmake --preset $*
	cmake --build --preset $* -j $(JOBS)
	ctest --preset $* -j $(JOBS)

bench: build
	scripts/install-packages.sh bench
	scripts/bench.sh

soak:
	scripts/install-packages.sh build test
	scripts/soak.sh

format:
	scripts/install-packages.sh lint
	git ls-files '*.h' '*.cpp' | grep -v '_table\.h$$' | xargs clang-format-19 -i

lint:
	scripts/install-packages.sh build test lint
	scripts/lint.sh

package: build
	scripts/package.sh

install: build
	install -D build/release/backtalk $(DESTDIR)$(PREFIX)/bin/backtalk

clean:
	rm -rf build
