/** What `landfall convert` reports beyond the ledger: a diagnostic, or a drop that has to be accepted. */
export interface Finding {
  /** JSON Pointer into the project; empty for the project as a whole. */
  path: string
  severity: 'error' | 'warning' | 'note' | 'drop'
  code: string
  text: string
}

/** Reads the lines of `--output json`. */
export function readFindings(lines: string): Finding[] {
  return lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .flatMap(({ type, path, severity, code, message, reason, at }): Finding[] => {
      const where = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `
      if (type === 'diagnostic') return [{ path, severity, code, text: `${where}${message}` }]
      return type === 'drop'
        ? [{ path, severity: 'drop', code, text: `${where}${reason}` }]
        : type === 'error'
          ? [{ path: '', severity: 'error', code, text: message }]
          : []
    })
}

/** The finding that names what is lost: at its key, or by one of its paths. */
export function findingOf(
  findings: readonly Finding[],
  at: string,
  names: readonly string[] = [],
): Finding | undefined {
  return findings.find(
    ({ path, text, severity }) =>
      severity !== 'error' &&
      (path === at || path.startsWith(`${at}/`) || names.some((name) => namesPath(text, name))),
  )
}

/** Whether a text has a path as a whole, or a directory that it is in. */
function namesPath(text: string, path: string): boolean {
  const words = text.split(/[\s,:;()]+/)
  for (let top = path; top !== '' && top !== '.' && top !== '/'; top = parentOf(top))
    if (words.includes(top)) return true
  return path === '.' && words.includes('.')
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0))
}
