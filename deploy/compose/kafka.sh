#!/bin/sh
# Starts the broker: writes its settings with the administrator's password, formats its log once, tells of an unclean stop.
# The password reaches Java by files in memory only, never by words that `ps` shows.
set -eu

data=${JPA_KAFKA_DATA:-/var/lib/kafka/data}
marks=${JPA_KAFKA_MARKS:-/mnt/shared/config}
run=${JPA_KAFKA_RUN:-/run/kafka}
programs=${JPA_KAFKA_PROGRAMS:-/opt/kafka/bin}
template=${JPA_KAFKA_TEMPLATE:-/etc/jpa/kafka.properties}
secrets=${JPA_KAFKA_SECRETS:-/run/secrets}

umask 077
password=$(cat "$secrets/kafka_admin_password")
case $password in
    *[!A-Za-z0-9_-]* | '') echo "The administrator's password has signs that a settings file would read otherwise." >&2 && exit 1 ;;
esac
printf 's|@PASSWORD@|%s|g\ns|@DATA@|%s|g\n' "$password" "$data" >"$run/fill.sed"
sed -f "$run/fill.sed" "$template" >"$run/server.properties"
rm "$run/fill.sed"

# A broker that ran before and left no mark of a clean stop may have lost what it acknowledged last: relays send it again.
if [ -e "$data/recovery-point-offset-checkpoint" ] && [ ! -e "$data/.kafka_cleanshutdown" ]; then
    umask 022
    printf '{"at": %s}' "$(date +%s)" >"$marks/unclean.new"
    mv "$marks/unclean.new" "$marks/unclean.json"
    umask 077
fi

if [ ! -e "$data/meta.properties" ]; then
    # the same password, the same cluster: 22 characters of base64 that begin with a letter
    cluster=A$(printf %s "$password" | sha256sum | cut -c 1-21)
    printf '%s\n' kafka.tools.StorageTool format --cluster-id "$cluster" --config "$run/server.properties" \
        --add-scram "\"SCRAM-SHA-256=[name=admin,password=$password]\"" >"$run/format.words"
    "$programs/kafka-run-class.sh" "@$run/format.words"
    rm "$run/format.words"
fi

exec "$programs/kafka-run-class.sh" kafka.Kafka "$run/server.properties"
