import type { Inspection } from '@landfall/containerize'
import { FIRST_EPHEMERAL, portsOfTrial } from './trial/sockets.ts'
import type { Trial } from './trial/trial.ts'

/**
 * A first landfall.yaml for a tarball, whose path is relative to it, or which is an address: what was found is set, what is a suggestion is
 * a comment. `checksum` is that of a downloaded one, and `trial` what a trial run has shown.
 */
export function firstTarballSettings(
  path: string,
  inspection: Inspection,
  checksum?: string,
  trial?: Trial,
): string {
  const { product, scripts, java, packages, configs, ports, logsToFiles, preparation } = inspection
  const [script] = scripts
  const start = preparation?.start ?? script?.path
  const suggested = portsOfTrial(trial?.listened ?? [])
  const others = scripts.filter(({ path: one }) => one !== start?.split(' ')[0])
  const edited = configs.find(({ format }) => format !== undefined)
  const lines = [
    `tarball: ${text(path)}`,
    ...(checksum === undefined
      ? []
      : [
          '# Of the file as it was downloaded; compare it with what its publisher states.',
          `checksum: ${checksum}`,
        ]),
    ...(preparation === undefined
      ? []
      : [
          `# ${preparation.because}. Runs once, when the image is built:`,
          ...(preparation.note === undefined ? [] : [`# ${preparation.note}`]),
          'prepare:',
          ...preparation.prepare.map((command) => `  - ${text(command)}`),
        ]),
    ...(start === undefined
      ? [
          '# No start script with a usual name was found. The one that starts the program, with its arguments:',
          '#start: bin/start.sh',
        ]
      : [
          ...(others.length === 0
            ? []
            : [
                `# Other scripts: ${others
                  .slice(0, 6)
                  .map((one) => one.path)
                  .join(', ')}`,
              ]),
          ...(script?.asks === true && preparation === undefined
            ? [
                '# It reads from a terminal, which a container does not have: set the answers under files.',
              ]
            : []),
          `start: ${text(start)}`,
        ]),
    ...(java === undefined
      ? ['# No Java classes were found. The version of Java, or a base image:', '#java: 17']
      : [`# ${java.because}`, `java: ${java.version}`]),
    ...(packages.length === 0
      ? []
      : [`# Packages that the scripts need are installed: ${packages.join(', ')}. Further ones:`]),
    preparation === undefined || preparation.packages.length === 0
      ? '#packages: []'
      : `packages: [${preparation.packages.join(', ')}]`,
    '# Options of Java; without -Xmx the heap is made to fit into the memory:',
    '#jvm: -Xmx512m',
    '#resources: { memory: 1Gi }',
    logsToFiles.length === 0
      ? '# Files to which the program writes its log, if it does not write it to the console:'
      : `# ${logsToFiles.join(', ')}: its log is in files only. Those that it writes are found, and are in the log of the container. Others:`,
    '#logs: [logs/*.log]',
    ...(trial === undefined ? [] : listenedLines(trial)),
    ...(suggested.length > 0
      ? [`#ports: [${suggested.join(', ')}]`]
      : ports.length === 0
        ? ['#ports: [8080]']
        : [
            `# In files of settings: ${ports
              .slice(0, 8)
              .map(({ port, path: file, key }) => `${port} (${file}: ${key})`)
              .join(', ')}. Those on which the program listens:`,
            `#ports: [${ports
              .slice(0, 8)
              .map(({ port }) => port)
              .join(', ')}]`,
          ]),
    '# What shows that the program can be used:',
    `#ready: { tcp: "localhost:${firstPort(suggested.length > 0 ? suggested : ports.map(({ port }) => port))}" }`,
    ...(edited === undefined
      ? []
      : [
          '# Values in files of the tarball:',
          `#files: { ${text(edited.path)}: { set: { /some.key: value } } }`,
        ]),
  ]
  return [
    `# ${product.name}${product.version === undefined ? '' : ` ${product.version}`} from its release tarball. Remove the "#" directly in front of a key to use it; \`landfall plan\` shows its effect.`,
    'services:',
    `  ${product.name}:`,
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n')
}

/** The likeliest port of a server: 8080, or the first. */
function firstPort(ports: readonly number[]): number {
  return ports.find((port) => port === 8080) ?? ports[0] ?? 8080
}

/** On what the program has listened, as comments. */
function listenedLines({ listened, settled }: Trial): string[] {
  const own = listened.filter(({ loopback }) => loopback).map(({ port }) => port)
  const ports = portsOfTrial(listened)
  return [
    ports.length === 0
      ? '# In a trial run, it listened on no port that other pods reach.'
      : `# It listened on ${ports.join(', ')} in a trial run.`,
    ...(settled
      ? []
      : [
          '# It was still starting when the time of the trial was over: there may be further ports.',
        ]),
    ...(ports.some((port) => port >= FIRST_EPHEMERAL)
      ? ['# Ports of 32768 and more may be other ones at each start: leave these out.']
      : []),
    ...(own.length === 0
      ? []
      : [
          `# It listened on ${own.join(', ')} for its own machine only, which no other pod reaches.`,
        ]),
  ]
}

/** A text as YAML, in quotes where it needs them. */
function text(value: string): string {
  return /^[A-Za-z./][-\w./]*$|^https?:\/\/[-\w./:%~+]*\w$/.test(value)
    ? value
    : JSON.stringify(value)
}
