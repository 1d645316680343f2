import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { clusterDown, clusterUp, defaultOptions } from '@landfall/local-cluster'
import { helmProgram } from '@landfall/testkit/helm'
import { type Cost, measure } from './measure.ts'

/** Three objects a service: a Deployment without pods, its Service, and a ConfigMap. */
const SERVICES = 333

/** A project of so many services that need no node. */
function projectOf(services: number): string {
  const lines = ['name: thousand', 'services:']
  for (let index = 0; index < services; index++)
    lines.push(
      `  s${index}:`,
      '    image: busybox:1.35',
      '    command: sleep 1d',
      '    expose: ["80"]',
      `    configs: [{ source: c${index}, target: /etc/app.conf }]`,
      '    deploy: { replicas: 0 }',
    )
  lines.push('configs:')
  for (let index = 0; index < services; index++)
    lines.push(`  c${index}: { content: "number = ${index}" }`)
  return `${lines.join('\n')}\n`
}

/**
 * About 1,000 objects on a real cluster of one node: `landfall up` beside `kubectl apply --server-side` and `helm install` of the same objects,
 * then each of them again with nothing changed. `requests`: all that the API server got meanwhile, also from its controllers. `up` waits until
 * all is ready, the others do not.
 */
export async function benchDeploy(main: string, scratch: string): Promise<void> {
  const options = { ...defaultOptions(process.env), name: 'bench', nodes: 1 }
  const { kubectl, kubeconfig } = await clusterUp(options, () => undefined)
  try {
    const project = `${scratch}/thousand`
    const manifests = `${scratch}/manifests`
    const chart = `${scratch}/chart`
    mkdirSync(project)
    writeFileSync(`${project}/compose.yaml`, projectOf(SERVICES))
    const landfall = (...args: string[]) => [main, ...args]
    run(process.execPath, landfall('convert', project, '--offline', '-o', manifests))
    const files = readdirSync(manifests).filter((name) => name.endsWith('.yaml'))
    mkdirSync(`${chart}/templates`, { recursive: true })
    writeFileSync(`${chart}/Chart.yaml`, 'apiVersion: v2\nname: thousand\nversion: 1.0.0\n')
    for (const file of files)
      writeFileSync(
        `${chart}/templates/${file}`,
        readFileSync(`${manifests}/${file}`, 'utf8').replaceAll('{{', '{{ "{{" }}'),
      )
    console.log(
      `\n${files.length} objects on a real cluster`.padEnd(49),
      '  wall       CPU      memory  requests',
    )
    const client = ['--kubeconfig', kubeconfig]
    const requests = () => {
      const text = run(kubectl, [...client, 'get', '--raw', '/metrics'])
      return [...text.matchAll(/^apiserver_request_total\{.*\} (\S+)$/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      )
    }
    const row = async (title: string, program: string, args: readonly string[]) => {
      const before = requests()
      const cost: Cost = await measure(program, args, scratch, [0])
      const count = requests() - before
      const { wall, cpu, memory } = cost
      console.log(
        `${title.padEnd(48)}${(wall / 1000).toFixed(1).padStart(7)} s ${(cpu / 1000).toFixed(1).padStart(7)} s ${memory.toFixed(0).padStart(6)} MiB ${count.toFixed(0).padStart(8)}`,
      )
    }
    const up = landfall('up', project, '--local', '--cluster', options.name, '-n', 'l', '--offline')
    await row('landfall up', process.execPath, up)
    await row('landfall up, nothing changed', process.execPath, up)
    run(kubectl, [...client, 'create', 'namespace', 'k'])
    const apply = [...client, '-n', 'k', 'apply', '--server-side', '-f', manifests]
    await row('kubectl apply --server-side', kubectl, apply)
    await row('kubectl apply --server-side, nothing changed', kubectl, apply)
    const helm = helmProgram()
    if (!('program' in helm)) {
      console.log(`helm is not measured: ${helm.missing}`)
      return
    }
    const release = [...client, '-n', 'h', 'thousand', chart]
    await row('helm install', helm.program, ['install', '--create-namespace', ...release])
    await row('helm upgrade, nothing changed', helm.program, ['upgrade', ...release])
  } finally {
    await clusterDown(options, { volumes: true }, () => undefined)
  }
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${status}\n${stderr}`)
  return stdout
}
