import type { Inspection, Scan } from '@landfall/containerize'
import type { OutputLine } from '../output/print-line.ts'

/** What is shown of long lists. */
const MOST = 8

const KINDS: Readonly<Record<Inspection['scripts'][number]['kind'], string>> = {
  background: 'starts its program in the background',
  exec: 'becomes its program',
  foreground: 'waits for its program',
}

/** What a tarball is, for people. */
export function describeTarball(
  name: string,
  scan: Scan,
  inspection: Inspection,
  checksum?: string,
): string[] {
  const { product, scripts, java, programs, packages, configs, ports, logsToFiles, preparation } =
    inspection
  const { kind, files, unpacked, top } = scan
  const what = [product.name, product.version].filter((one) => one !== undefined).join(' ')
  const size = `${kind}, ${files.size} ${files.size === 1 ? 'file' : 'files'}, ${mebibytes(unpacked)}`
  return [
    `${name}: ${what} (${size}${top === '' ? '' : `, all below ${top}/`})`,
    ...(checksum === undefined ? [] : [row('checksum', [checksum])]),
    ...scripts
      .slice(0, MOST)
      .map(({ path, kind: how, asks, pidFile }) =>
        row('start', [
          `${path}: ${KINDS[how]}`,
          asks && 'reads from a terminal',
          pidFile !== undefined && `writes ${pidFile}`,
        ]),
      ),
    ...(preparation === undefined
      ? []
      : [
          row('first', [preparation.because]),
          ...preparation.prepare.map((command) => row('', [command])),
        ]),
    ...(java === undefined ? [] : [row('java', [`${java.version}, because ${java.because}`])]),
    ...(programs.length === 0
      ? []
      : [row('runs', [`${programs.join(', ')} (packages ${packages.join(', ')})`])]),
    ...list(
      'settings',
      configs.map(({ path, format }) => (format === undefined ? path : `${path} (${format})`)),
    ),
    ...(logsToFiles.length === 0
      ? []
      : [
          row('log', [
            `to files only (${logsToFiles.join(', ')}): they are in the log of the container`,
          ]),
        ]),
    ...list(
      'ports',
      ports.map(({ port, path, key }) => `${port} (${path}: ${key})`),
    ),
    ...(ports.length === 0
      ? []
      : [row('', ['ports are suggestions: a program need not listen on them'])]),
  ]
}

function row(name: string, texts: readonly (string | false)[]): string {
  return `  ${name.padEnd(9)} ${texts.filter((text) => text !== false).join(', ')}`
}

function list(name: string, items: readonly string[]): string[] {
  if (items.length === 0) return []
  const rest = items.length - MOST
  return [row(name, [...items.slice(0, MOST), rest > 0 && `and ${rest} more`])]
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}

/** The same for programs. */
export function tarballLineOf(scan: Scan, inspection: Inspection, checksum?: string): OutputLine {
  const { product, scripts, java, programs, packages, configs, ports, logsToFiles, preparation } =
    inspection
  return {
    type: 'tarball',
    ...product,
    ...(checksum !== undefined && { checksum }),
    ...{ files: scan.files.size, bytes: scan.unpacked, ...(scan.top !== '' && { top: scan.top }) },
    scripts: scripts.map(({ path, kind, asks, pidFile }) => ({
      ...{ path, kind, readsTerminal: asks, ...(pidFile !== undefined && { pidFile }) },
    })),
    ...(java !== undefined && { java }),
    programs: [...programs],
    packages: [...packages],
    logsToFiles: [...logsToFiles],
    ...(preparation !== undefined && {
      prepare: {
        because: preparation.because,
        commands: [...preparation.prepare],
        start: preparation.start,
      },
    }),
    settings: configs.map(({ path, format }) => ({
      path,
      ...(format !== undefined && { format }),
    })),
    ports: ports.map(({ port, path, key }) => ({ port, path, key })),
  }
}
