#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n'
echo "$DWEB_REPLICA on $DWEB_COE"
