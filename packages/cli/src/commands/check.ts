import type { FileSystem } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { type Diagnostic, hasErrors, type Sources, visibleLine } from '@landfall/diagnostic'
import type { Command } from 'commander'
import { printFindings } from '../display/findings.ts'
import { addOutput } from '../output/option.ts'
import { printLine } from '../output/print-line.ts'
import { readRunnable } from '../project/load.ts'
import { addProject, addSite, type ProjectOptions } from '../project/options.ts'
import { shortPaths } from '../project/short-paths.ts'
import type { CheckFindings } from '../sites/check-sites.ts'
import { isTarball } from '../tarball/is-tarball.ts'
import type { LoadedProject } from '../tarball/load.ts'
import { EXIT, type Terminal } from '../terminal.ts'

export function define(command: Command, terminal: Terminal): void {
  addOutput(addSite(addProject(command)), terminal, ['text', 'json', 'sarif'])
    .description(
      'Reports all problems of a project: first what Docker Compose would reject or ignore, then what prevents it from running on Kubernetes. Writes no files and contacts no cluster.',
    )
    .addHelpText(
      'after',
      `
Examples:
  landfall check .
  landfall check node-4.2.18.tar.gz     what a release tarball is
  landfall check -f compose.yaml -f compose.prod.yaml --output sarif > landfall.sarif

Exit codes: 0 no errors (there may be warnings) · 1 errors · 3 something is dropped that has to be accepted: \`landfall up\` refuses it`,
    )
    .action(async (place: string | undefined, options: ProjectOptions) => {
      terminal.exitCode = await check(place, options, terminal)
    })
}

async function check(
  place: string | undefined,
  given: ProjectOptions,
  outer: Terminal,
): Promise<number> {
  if (isTarball(place)) return checkTarball(place, outer)
  const files = nodeFiles()
  const at = given.site === undefined ? undefined : await siteOf(place, given, outer)
  if (given.site !== undefined && at === undefined) return EXIT.failed
  const { options, terminal } = at ?? { options: given, terminal: outer }
  const loaded = readRunnable(place, options, terminal, files)
  let findings = await find(loaded, options, terminal, files)
  if (findings.hasSites && given.site === undefined) {
    const { withFindingsAtSites } = await import('../sites/check-sites.ts')
    findings = await withFindingsAtSites(findings, place, options, terminal, (there, shown) => {
      const again = readRunnable(place, there, shown, files)
      return find(again, there, shown, files)
    })
  }
  const shorten = shortPaths(terminal.cwd, loaded.projectDirectory)
  await printFindings({ ...findings, shorten }, terminal)
  if (hasErrors(findings.diagnostics)) return EXIT.failed
  return findings.drops.size > 0 ? EXIT.dangerousDrop : EXIT.done
}

/** What a tarball is, and what prevents it from being used. */
async function checkTarball(place: string, terminal: Terminal): Promise<number> {
  const [{ inspectFile }, { describeTarball, tarballLineOf }] = await Promise.all([
    import('../tarball/inspect-file.ts'),
    import('../tarball/describe.ts'),
  ])
  const { name, found, checksum, diagnostics } = await inspectFile(place, terminal)
  if (found !== undefined && terminal.output === 'json')
    printLine(tarballLineOf(found.scan, found.inspection, checksum), terminal)
  if (found !== undefined && terminal.output === 'text')
    for (const line of describeTarball(name, found.scan, found.inspection, checksum))
      terminal.stdout.write(`${visibleLine(line)}\n`)
  const sources = new Map([[name, '']])
  await printFindings({ diagnostics, drops: new Map(), sources, shorten: (text) => text }, terminal)
  return hasErrors(diagnostics) ? EXIT.failed : EXIT.done
}

/** All problems of a loaded project; it is converted only if it has no errors. */
async function find(
  loaded: LoadedProject,
  options: ProjectOptions,
  terminal: Terminal,
  files: FileSystem,
): Promise<CheckFindings> {
  const { diagnostics, sources } = loaded
  const ofCompose = byPlace(diagnostics, sources)
  if (loaded.project === undefined || hasErrors(diagnostics))
    return { diagnostics: ofCompose, drops: new Map(), sources, hasSites: false }
  const [{ convertLoaded, chosenIn, progressOf }, { dangerousDrops, diagnosticOf }] =
    await Promise.all([import('../project/read.ts'), import('../project/dangerous-drops.ts')])
  const converted = await convertLoaded(loaded, terminal, files, {
    ...chosenIn(options),
    ...progressOf(terminal),
  })
  const drops = new Map(
    dangerousDrops(converted.result?.ledger ?? [], { uploads: true }).map((drop) => [
      diagnosticOf(drop, 'warning', 'dropped: '),
      drop,
    ]),
  )
  const ofConversion = [...converted.diagnostics.slice(diagnostics.length), ...drops.keys()]
  return {
    diagnostics: [...ofCompose, ...byPlace(ofConversion, converted.sources)],
    drops,
    sources: converted.sources,
    hasSites: converted.hasSites === true,
  }
}

/** What has no place first, then file by file in the order in which they were read. */
function byPlace(diagnostics: readonly Diagnostic[], sources: Sources): Diagnostic[] {
  const order = new Map([...sources.keys()].map((file, index) => [file, index]))
  const rank = ({ at }: Diagnostic) => (at === undefined ? -1 : (order.get(at.file) ?? order.size))
  return diagnostics.toSorted(
    (a, b) => rank(a) - rank(b) || (a.at?.start ?? 0) - (b.at?.start ?? 0),
  )
}

/** The code of sites is loaded when one is meant. */
async function siteOf(place: string | undefined, options: ProjectOptions, terminal: Terminal) {
  const { atSite } = await import('../sites/at-site.ts')
  return atSite(place, options, terminal)
}
