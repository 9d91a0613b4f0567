#!/bin/sh
. /lib/page.sh
page_begin
echo "$DWEB_REPLICA on $DWEB_COE, second edition"
