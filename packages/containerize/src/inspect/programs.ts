/** Programs that slim images lack and start scripts use, with the Debian package of each. */
const PACKAGES: Readonly<Record<string, string>> = {
  aria2c: 'aria2',
  bc: 'bc',
  curl: 'curl',
  file: 'file',
  free: 'procps',
  gawk: 'gawk',
  hostname: 'hostname',
  ifconfig: 'net-tools',
  ip: 'iproute2',
  jq: 'jq',
  killall: 'psmisc',
  less: 'less',
  lsof: 'lsof',
  nawk: 'gawk',
  nc: 'netcat-openbsd',
  netstat: 'net-tools',
  perl: 'perl',
  pgrep: 'procps',
  pkill: 'procps',
  ps: 'procps',
  python3: 'python3',
  top: 'procps',
  unzip: 'unzip',
  wget: 'wget',
  which: 'debianutils',
  xmllint: 'libxml2-utils',
  zip: 'zip',
}

/** The programs of the list that a script runs, sorted, as far as its text shows it. */
export function programsOf(text: string): string[] {
  const words = new Set<string>()
  for (const line of text.split(/\r?\n/)) {
    const code = line.trim().replace(/(^|\s)#.*$/, '')
    if (/^(?:echo|printf|usage|log|warn|die)\b[^`]*$/.test(code) && !code.includes('$(')) continue
    for (const [, word = ''] of code.matchAll(
      /(?:^|[;&|(`]\s*|\b(?:then|do|else|if|while|until|exec|nohup|sudo)\s+|!\s+)(?:\/(?:usr\/)?s?bin\/)?(?!(?:then|do|else|if|while|until|exec|nohup|sudo)\s)([a-z][a-z0-9]*)(?=[\s)`;]|$)/g,
    ))
      if (Object.hasOwn(PACKAGES, word)) words.add(word)
  }
  return [...words].sort()
}

/** The Debian packages of these programs, sorted. */
export function packagesOf(programs: readonly string[]): string[] {
  return [...new Set(programs.flatMap((name) => PACKAGES[name] ?? []))].sort()
}
