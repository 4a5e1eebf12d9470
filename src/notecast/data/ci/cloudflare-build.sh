#!/bin/sh
# Checks and builds the site on Cloudflare Pages. Written by `notecast init --ci cloudflare`.
# Once, in its dashboard: build command: sh cloudflare-build.sh
set -e

notecast check

case ${CF_PAGES_BRANCH:-main} in
main | master) notecast build ;;
# Previews of other branches show drafts, under their own address.
*) notecast build --drafts --future --base-url "$CF_PAGES_URL" ;;
esac
