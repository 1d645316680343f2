import { resolve } from 'node:path'
import { commentsOn, countOutcomes, type Ledger } from '@landfall/convert'
import { type Sources, visibleJson } from '@landfall/diagnostic'
import { resolveBundle } from '@landfall/kube'
import { writeWhole } from '@landfall/local-cluster/write-whole'
import { type Command, Option } from 'commander'
import { API_VERSION } from '../contract/api-version.ts'
import { UsageError } from '../errors.ts'
import { keepLearnt } from '../images/keep.ts'
import { restartLine } from '../manifests/changed-secrets.ts'
import { destinationOf, streamOf } from '../manifests/destination.ts'
import {
  beyondValues,
  bundlesOfEnvironments,
  valuesOfEnvironments,
} from '../manifests/environments.ts'
import { type Format, filesOf } from '../manifests/formats.ts'
import { bundlesOfProfiles } from '../manifests/profiles.ts'
import { releaseSizeLines } from '../manifests/release-size.ts'
import { writeManifests, writtenOf, writtenText } from '../manifests/write-manifests.ts'
import { addOutput } from '../output/option.ts'
import { printLine } from '../output/print-line.ts'
import { ledgerFile } from '../output/problems.ts'
import { addConversion, addProject, addSite, type ProjectOptions } from '../project/options.ts'
import { printProblems } from '../project/print-problems.ts'
import { readAndConvert } from '../project/read.ts'
import {
  reportedMissing,
  requirementLines,
  requirementsOf,
  storageLine,
} from '../project/requirements.ts'
import { shortPaths } from '../project/short-paths.ts'
import { atSite } from '../sites/at-site.ts'
import { bundlesOfSites } from '../sites/bundles-of-sites.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface ConvertOptions extends ProjectOptions {
  out?: string
  outputDirectory?: string
  namespace?: string
  ledger?: string
  force?: boolean
  comments?: boolean
  format: Format
  withSecrets?: boolean
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addSite(addConversion(addProject(command)))
      .description(
        'Writes the project as Kubernetes manifests, as a base and overlays for kustomize, or as a Helm chart.',
      )
      .option(
        '-o, --out <path>',
        'directory for one object per file; FILE.yaml for one file; - for the standard output',
      )
      .addOption(
        new Option('--format <format>', 'what to write')
          .choices(['manifests', 'kustomize', 'helm'])
          .default('manifests'),
      )
      .option('--with-secrets', 'helm: write the secrets of the project into values.yaml')
      .addOption(new Option('--output-directory <path>', 'the same as --out').hideHelp())
      .option('-n, --namespace <name>', 'namespace in the manifests (default: none)')
      .option('--force', 'overwrite files that were changed by hand or that Landfall did not write')
      .option('--comments', 'say above fields, and at the top of objects, why they are as they are')
      .option('--ledger <file>', 'write what became of each key of the project, as JSON'),
    terminal,
  )
    .addHelpText(
      'after',
      `
The objects can be applied in any order, because the pods wait for their dependencies:

  landfall convert . -o manifests && kubectl apply -f manifests
  landfall convert . -n shop -o - | kubectl apply -f -
  landfall convert . --format kustomize -o deploy && kubectl apply -k deploy/overlays/prod
  landfall convert . --format helm -o chart && helm install shop chart --values secrets.yaml

A chart holds no secrets unless --with-secrets is given; values.yaml lists those that must be set, and what else can be.

A later run writes what has changed, and removes files that are no longer generated. A file that was changed by hand is left as it is; if
the project has changed in it since, the exit code is 1. Other files in the directory are not touched.

Exit code 3: the files are written, but without a key that changes how a program behaves. Change the project, or accept this in
landfall.yaml.`,
    )
    .action(async (place: string | undefined, options: ConvertOptions) => {
      terminal.exitCode = await convert(place, options, terminal)
    })
}

async function convert(
  place: string | undefined,
  given: ConvertOptions,
  terminalOfCommand: Terminal,
): Promise<number> {
  const at = atSite(place, given, terminalOfCommand)
  if (at === undefined) return EXIT.failed
  const { options, terminal } = at
  const out = options.out ?? options.outputDirectory
  if (out === undefined) throw new UsageError("required option '-o, --out <path>' not specified")
  checkOptions(out, options, terminal)
  const destination = destinationOf(terminal.cwd, out)
  const converted = await readAndConvert(place, { ...options, requireAddresses: true }, terminal)
  const drops = printProblems(converted, terminal)
  const { result, sources } = converted
  if (result?.bundle === undefined) return EXIT.failed

  const comments = options.comments
    ? commentsOn(result.bundle, result, terminal.mask.text)
    : undefined
  const environments = await bundlesOfEnvironments(converted, options, terminal)
  if (environments === undefined) return EXIT.failed
  const sites = await bundlesOfSites(place, converted, options, terminal)
  const bundles = new Map([...environments.bundles, ...sites.bundles])
  const profiles = await bundlesOfProfiles(place, converted, result.bundle, options, terminal)
  const isChart = options.format === 'helm'
  const ofEnvironments = valuesOfEnvironments(profiles.bundle, isChart ? bundles : new Map())
  const manifests = filesOf(options.format, converted, profiles.bundle, {
    profiles,
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    ...(comments !== undefined && { comments }),
    environments: bundles,
    values: ofEnvironments,
    withSecrets: options.withSecrets === true,
  })
  const written =
    destination.kind === 'stdout'
      ? undefined
      : writeManifests(destination, manifests, options.force === true)
  keepLearnt(converted, terminal)
  if (options.ledger !== undefined)
    writeLedger(resolve(terminal.cwd, options.ledger), result.ledger, sources, terminal)
  const required = requirementsOf(result.plan)
  const lines = requirementLines(required, reportedMissing(result.plan))
  const storage = storageLine(result.plan)
  const changed = isChart ? [] : (written?.changedSecrets ?? [])
  const restart =
    changed.length === 0 ? undefined : restartLine(resolveBundle(result.bundle).values(), changed)
  const kept = (written?.kept ?? []).map(shortPaths(terminal.cwd))
  const ofChart = isChart
    ? [...beyondValues(ofEnvironments, sites.bundles), ...releaseSizeLines(manifests)]
    : []
  if (terminal.output !== 'json')
    for (const text of [
      ...kept,
      ...sites.lines,
      ...profiles.lines,
      ...ofChart,
      ...lines,
      storage,
      restart,
    ].filter((one) => one !== undefined))
      terminal.stderr.write(`${text}\n`)
  if (written === undefined) terminal.content.write(streamOf(manifests))
  else if (terminal.output === 'json') {
    if (requirementLines(required).length > 0)
      printLine({ type: 'required', ...required }, terminal)
    printLine({ type: 'written', ...writtenOf(written) }, terminal)
  } else
    terminal.stdout.write(
      `${writtenText(written, destination, out, manifests.size, options.format)} (${countOutcomes(result.ledger)}).\n`,
    )
  if (written?.current === false) return EXIT.failed
  return drops.length + environments.drops + sites.drops > 0 ? EXIT.dangerousDrop : EXIT.done
}

function checkOptions(
  out: string,
  { namespace, format, environment, withSecrets }: ConvertOptions,
  { output }: Terminal,
): void {
  if (format === 'kustomize') checkKustomize(out, environment)
  if (format === 'helm') checkChart(out, namespace)
  else if (withSecrets === true)
    throw new UsageError('--with-secrets is for --format helm', 'other formats hold the Secrets')
  if (out === '-' && output === 'json')
    throw new UsageError(
      'the manifests and --output json both use the standard output',
      'write the manifests to a directory or a file',
    )
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
  if (namespace !== undefined && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
    throw new UsageError(
      `${namespace} is not a valid namespace`,
      'use lower-case letters, digits and hyphens, at most 63 characters',
    )
}

function checkKustomize(out: string, environment: string | undefined): void {
  if (out === '-' || /\.ya?ml$/i.test(out))
    throw new UsageError('a base with its overlays is a directory', 'use --out DIRECTORY')
  if (environment !== undefined)
    throw new UsageError(
      '--format kustomize writes an overlay for each environment',
      'remove --environment',
    )
}

function checkChart(out: string, namespace: string | undefined): void {
  if (out === '-' || /\.ya?ml$/i.test(out))
    throw new UsageError('a chart is a directory', 'use --out DIRECTORY')
  if (namespace !== undefined)
    throw new UsageError(
      'a chart has no namespace of its own',
      'choose it when you install the chart: helm install NAME CHART --namespace NAMESPACE',
    )
}

function writeLedger(file: string, ledger: Ledger, sources: Sources, { mask }: Terminal): void {
  writeWhole(
    file,
    `${visibleJson(mask.json({ apiVersion: API_VERSION, ...ledgerFile(ledger, sources) }), 2)}\n`,
  )
}
