#!/usr/bin/env bash
# Every shell script of the project, read by shellcheck.
set -euo pipefail
cd "$(dirname "$0")/.."

shellcheck -x scripts/*.sh scripts/test-install/*.sh scripts/test-containers/*.sh scripts/test-containers/stand-ins/*/*.sh \
    install.sh docker-install.sh deploy/xlpm deploy/install/*.sh deploy/containers/*.sh .ci/run
