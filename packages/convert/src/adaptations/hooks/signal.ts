/** Number of the first real-time signal, as Docker counts: `SIGRTMIN+3` is 37. */
const RTMIN = 34
const RTMAX = 64

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
  return /^[A-Z]+\d?$/.test(name) ? `kill -s ${name} 1` : undefined
}
