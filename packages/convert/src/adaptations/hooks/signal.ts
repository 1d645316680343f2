/** Number of the first real-time signal, as Docker counts: `SIGRTMIN+3` is 37. */
const RTMIN = 34
const RTMAX = 64

/** Names that every shell of Linux knows. */
const NAMES = new Set(
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  ),
)

/** The command of a shell that sends a signal to process 1; undefined for a word that is no signal. */
export function killCommand(signal: string): string | undefined {
  const name = signal.toUpperCase().replace(/^SIG/, '')
  if (name === '15') return killCommand('TERM')
  const real = /^RT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name)
  if (real !== null) {
    const offset = Number(real[3] ?? 0) * (real[2] === '-' ? -1 : 1)
    return `kill -${(real[1] === 'MIN' ? RTMIN : RTMAX) + offset} 1`
  }
  if (/^\d+$/.test(name)) return `kill -${name} 1`
  return NAMES.has(name) ? `kill -s ${name} 1` : undefined
}
