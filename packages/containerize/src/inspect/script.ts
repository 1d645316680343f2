/** What a start script does, as far as its text shows it. */
export interface StartScript {
  path: string
  /** How it leaves the program: in the background, in its own place (exec), or as a child that it waits for. */
  kind: 'background' | 'exec' | 'foreground'
  /** Whether it reads from a terminal. */
  asks: boolean
  /** The file that gets the number of the process, as the script writes it. */
  pidFile?: string
  /** Why it cannot be started as it is. */
  problem?: 'containerize/no-shebang' | 'containerize/crlf-script'
}

/** Words that stand for a Java program in scripts. */
const JAVA =
  /(?:^|[\s"'`(/])(?:java|\$\{?_?(?:JAVA|RUNJAVA|JAVACMD|JAVA_CMD|JAVA_EXEC|JAVA_HOME\}?\/bin\/java)\b\}?)/

/** Reads the text of a script; lines that continue are one. */
export function readScript(path: string, text: string): StartScript {
  const lines = text
    .replaceAll('\r\n', '\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('#'))
  const runs = lines.filter((line) => JAVA.test(line) && !/-version\b/.test(line))
  const inBackground = lines.some(
    (line) => /(^|\s)(nohup|setsid|daemon)\s/.test(line) || endsInBackground(line),
  )
  const replaces = runs.some((line) => /(^|[\s;&|])exec\s/.test(line))
  const pidFile = lines
    .map((line) => /echo\s+["']?\$!["']?\s*>\s*("[^"]+"|'[^']+'|[^\s;&|]+)/.exec(line)?.[1])
    .find((name) => name !== undefined)
  const problem = !text.startsWith('#!')
    ? 'containerize/no-shebang'
    : text.includes('\r\n')
      ? 'containerize/crlf-script'
      : undefined
  return {
    path,
    kind: inBackground ? 'background' : replaces ? 'exec' : 'foreground',
    asks: lines.some(
      (line) =>
        /(^|[\s;&|])read(\s+-[a-z]+\s*)*(\s+("[^"]*"|'[^']*'|\w+))*\s*;?$/.test(line) &&
        !/(while|<|\|)/.test(line),
    ),
    ...(pidFile !== undefined && { pidFile: pidFile.replaceAll(/["']/g, '') }),
    ...(problem !== undefined && { problem }),
  }
}

function endsInBackground(line: string): boolean {
  return /[^&>|]&\s*(?:;?\s*(?:fi|done|\}|echo\b.*))?$/.test(line)
}
