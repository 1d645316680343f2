/** What each shell runs; `landfall completion words` has the candidates, the last word being the one that is typed. */
export const SCRIPTS = {
  bash: `_landfall() {
  local IFS=$'\\n'
  COMPREPLY=($(landfall completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _landfall landfall
`,
  zsh: `#compdef landfall
_landfall() {
  local -a found
  found=("\${(@f)$(landfall completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _landfall landfall
`,
  fish: `function __landfall_words
  set -l typed (commandline -opc) (commandline -ct)
  landfall completion words -- $typed[2..-1] 2>/dev/null
end
complete -c landfall -a '(__landfall_words)'
`,
} as const
