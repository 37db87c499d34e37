/** The scripts that each shell evaluates when it starts. They run `unitrain __complete` with the line so far. */
export const completionScripts: Readonly<Record<string, string>> = {
  bash: String.raw`_unitrain() {
  local line="\${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
  COMPREPLY=($(unitrain __complete "$line" 2>/dev/null))
  # bash splits words at = and :, and expects only the part after the last of them.
  local word="\${line##* }"
  local before="\${word%"\${word##*[=:]}"}"
  COMPREPLY=("\${COMPREPLY[@]#"$before"}")
  if [[ "\${COMPREPLY[0]}" == *[=/] ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o default -F _unitrain unitrain
`.replaceAll("\\${", "${"),
  zsh: String.raw`(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
_unitrain() {
  local -a found
  found=("\${(@f)$(unitrain __complete "\${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
  if [[ -z "$found[1]" ]]; then _files; return; fi
  compadd -Q -S '' -- "\${(@M)found:#*[=/]}"
  compadd -Q -- "\${(@)found:#*[=/]}"
}
compdef _unitrain unitrain
`.replaceAll("\\${", "${"),
  fish: `function __unitrain_complete
    set -l found (unitrain __complete (commandline -cp) 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c unitrain -f -a '(__unitrain_complete)'
`,
};
