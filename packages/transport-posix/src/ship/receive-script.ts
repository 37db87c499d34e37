import { buildCleanUpTrap, buildStoreScript, receiveFailure, type StoreTarget } from "./store-script.ts";

/**
 * Unpacks a tar stream from standard input beside the store, checks every file while the next ones come, and gives it its
 * name only when all are right. Then, in the same way, the run's own view of it.
 */
export function buildReceiveScript(target: StoreTarget): string {
  return `
${buildStoreScript(target)}
incoming=$store/$name
view=$beside/$name
${buildCleanUpTrap("incoming", "view")}
mkdir -p -- "$incoming/files" "$incoming/sums" "$incoming/odd" && cd -- "$incoming" || fail ${receiveFailure.cannotMake}

check_as_it_comes() {
  number=1
  while :; do
    # A list is whole when the one behind it has begun.
    until [ -e "sums/$((number + 1))" ] || [ -e end ]; do
      [ -d files ] || return
      sleep 0.05 2>/dev/null || sleep 1
    done
    [ -e "sums/$number" ] || return
    check_list "$number"
    number=$((number + 1))
  done
}
check_as_it_comes < /dev/null | all_right &
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
