import { quote } from "../script/quote.ts";
import { buildCleanUpTrap, buildStoreScript, receiveFailure, type StoreTarget } from "./store-script.ts";

/**
 * Looks what is there. Says `there` when the view exists, `reused` when it could be made of what is stored, else `send`, with
 * what is free (in KB) and whether the disk can share blocks. Cleans up what dead ships left.
 */
export function buildPrepareShipScript(target: StoreTarget): string {
  return `
${buildStoreScript(target)}
[ -d "$target" ] && { echo there; exit 0; }
mkdir -p -- "$store" "$beside" || exit ${receiveFailure.cannotMake}
clean_up "$store"; clean_up "$beside"
if [ -d "$stored" ]; then
  [ -n "$sha256" ] || exit ${receiveFailure.noSha256}
  if is_whole 2>/dev/null; then
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
