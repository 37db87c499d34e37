import { quote } from "../script/quote.ts";
import { buildCleanUpTrap, buildStoreScript, receiveFailure, type StoreTarget } from "./store-script.ts";

/**
 * Builds a script that checks what the machine already has. Prints `present` when the run's copy exists, `reused` when it was created
 * from the store, else `send` with the free space (in KB) and whether the disk can share blocks. Removes the remains of uploads that
 * died.
 */
export function buildPrepareShipScript(target: StoreTarget): string {
  return `
${buildStoreScript(target)}
[ -d "$target" ] && { echo present; exit 0; }
mkdir -p -- "$store" "$beside" || exit ${receiveFailure.cannotMake}
clean_up "$store"; clean_up "$beside"
if [ -d "$stored" ]; then
  [ -n "$sha256" ] || exit ${receiveFailure.noSha256}
  if is_complete 2>/dev/null; then
    view=$beside/$name
    ${buildCleanUpTrap("view")}
    copy_files "$stored/files" "$view" "$stored/end" && place "$view" "$target" || fail ${receiveFailure.view}
    echo reused
    exit 0
  fi
  mv -- "$stored" "$store/$name" && rm -rf -- "$store/$name"
fi
command -v tar >/dev/null 2>&1 || exit ${receiveFailure.noTar}
[ -n "$sha256" ] || exit ${receiveFailure.noSha256}
probe=$store/${quote(`probe,${target.nonce}`)}
echo probe > "$probe" || exit ${receiveFailure.cannotMake}
shares=copies
if cp --reflink=always -- "$probe" "$probe.try" 2>/dev/null || cp -c -- "$probe" "$probe.try" 2>/dev/null; then shares=shares; fi
rm -f -- "$probe" "$probe.try"
echo "send $(df -Pk "$store" | awk 'END { print $4 }') $shares"
`;
}
