import { buildCleanUpTrap, buildStoreScript, receiveFailure, type StoreTarget } from "./store-script.ts";

/**
 * Builds a script that unpacks a tar stream from standard input, checks each file while the next ones arrive, and moves the result
 * into the store only when all files are correct. Then it creates the run's own copy in the same way.
 */
export function buildReceiveScript(target: StoreTarget): string {
  return `
${buildStoreScript(target)}
incoming=$store/$name
view=$beside/$name
${buildCleanUpTrap("incoming", "view")}
mkdir -p -- "$incoming/files" "$incoming/sums" "$incoming/odd" && cd -- "$incoming" || fail ${receiveFailure.cannotMake}

check_while_receiving() {
  number=1
  while :; do
    # A list is complete once the next one has begun.
    until [ -e "sums/$((number + 1))" ] || [ -e end ]; do
      [ -d files ] || return
      sleep 0.05 2>/dev/null || sleep 1
    done
    [ -e "sums/$number" ] || return
    check_list "$number"
    number=$((number + 1))
  done
}
check_while_receiving < /dev/null | all_correct &
checker=$!

tar -xomf - || fail ${receiveFailure.unpack}
[ -e end ] || fail ${receiveFailure.incomplete}
copied=yes
copy_files files "$view" end || copied=no
wait "$checker" || fail ${receiveFailure.different}
printf %s "$boot" > boot || fail ${receiveFailure.cannotMake}
place "$incoming" "$stored" || fail ${receiveFailure.cannotMake}
[ "$copied" = yes ] && place "$view" "$target" || fail ${receiveFailure.view}
echo shipped
`;
}
