import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { clusterDown, clusterUp, defaultOptions } from '@landfall/local-cluster'
import { connect } from 'amqplib'
import { median } from './measure.ts'

const NAMESPACE = 'fogflow-bench'
const WORKER = 'Worker.001'
const SINGLE = Number(process.env.BENCH_RUNS ?? 7)
const BURST = 100
const BURSTS = Number(process.env.BENCH_BURSTS ?? 2)
/** What a name that is waited for may take. */
const LONGEST_MS = 300_000

/**
 * Tasks of FogFlow on a real cluster of one node, beside `kubectl create` of the same objects: from the message, or from the start of kubectl, to a pod that is ready.
 * The targets: 1.3 times kubectl, and 100 tasks in a burst safe in the cluster within 1 s.
 */
export async function benchTasks(main: string, root: string): Promise<void> {
  const options = { ...defaultOptions(process.env), name: 'bench', nodes: 1 }
  const { kubectl, kubeconfig, nodes } = await clusterUp(options, () => undefined)
  const kube = ['--kubeconfig', kubeconfig, '-n', NAMESPACE]
  const watches: Watch[] = []
  try {
    const up = (...files: string[]) => {
      const args = files.flatMap((file) => ['-f', `${root}${file}`])
      const cluster = ['--local', '--cluster', options.name]
      run(process.execPath, [main, 'up', ...args, ...cluster, '-n', NAMESPACE])
    }
    up('e2e/fogflow/task/compose.yaml')
    run(kubectl, [...kube, 'delete', 'all', '--all'])
    up('examples/fogflow/compose.yaml', 'e2e/fogflow/programs.yaml')
    const port = run(kubectl, [
      ...[...kube, 'get', 'service', 'rabbitmq-published'],
      ...['-o', 'jsonpath={.spec.ports[0].nodePort}'],
    ])
    const hostname = nodes[0]?.address ?? ''
    const login = { username: 'admin', password: 'mypass' }
    const connection = await connect({ hostname, port: Number(port), ...login })
    const channel = await connection.createChannel()
    const send = (type: string, payload: { ID: string }): void => {
      const key = `${WORKER}.`
      const message = { Type: type, RoutingKey: key, From: 'Master.bench', PayLoad: payload }
      channel.publish('fogflow', key, Buffer.from(JSON.stringify(message)), {
        contentType: 'application/json',
      })
    }
    const follow = (kind: string, column: string): Watch => {
      const columns = `custom-columns=NAME:.metadata.name,STATE:${column}`
      const args = ['get', kind, '--watch', '--no-headers', '-o', columns]
      const watch = watchLines(spawn(kubectl, [...kube, ...args]))
      watches.push(watch)
      return watch
    }
    const pods = follow('pods', '.status.conditions[?(@.type=="Ready")].status')
    const kept = follow('deployments', '.metadata.annotations.fogflow\\.landfall\\.dev/task')
    const stored = follow('configmaps', '.data.messages')
    const isTask = (name: string) => /^(task|bare)-/.test(name)
    /** Milliseconds until so many further pods of tasks are ready. */
    const readyAfter = async (count: number, begin: () => void): Promise<number> => {
      const before = new Set(pods.names('True').filter(isTask))
      const started = performance.now()
      begin()
      await pods.until(
        () =>
          pods.names('True').filter((name) => isTask(name) && !before.has(name)).length >= count,
      )
      return performance.now() - started
    }
    const create = (objects: readonly object[]) => () => {
      const child = spawn(kubectl, [...kube, 'create', '-f', '-'], {
        stdio: ['pipe', 'ignore', 'inherit'],
      })
      child.stdin.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
    }
    /** The objects of the present tasks under other names. */
    const bare = (prefix: string): object[] => {
      const objects: Named[] = JSON.parse(
        run(kubectl, [...kube, 'get', 'deployments,services', '-o', 'json']),
      ).items.filter(({ metadata }: Named) => isTask(metadata.name))
      const names = [...new Set(objects.map(({ metadata }) => metadata.name))]
      return objects.map((one) => bareObject(one, `${prefix}-${names.indexOf(one.metadata.name)}`))
    }
    const clear = async (ids: readonly string[]): Promise<void> => {
      for (const ID of ids) send('REMOVE_TASK', { ID })
      run(kubectl, [...kube, 'delete', 'deployments,services', '-l', 'bench=bare', '--wait=true'])
      await pods.until(() => {
        const left = run(kubectl, [...kube, 'get', 'pods', '-o', 'name'])
        return !/pod\/(task|bare)-/.test(left)
      })
    }

    const times: Record<'worker' | 'kubectl', number[]> = { worker: [], kubectl: [] }
    for (let round = 0; round <= SINGLE; round++) {
      const ID = `Task.Bench.Main.${round}`
      const worker = await readyAfter(1, () => send('ADD_TASK', taskOf(ID)))
      const objects = bare(`bare-${round}`)
      await clear([ID])
      const kubectlMs = await readyAfter(1, create(objects))
      await clear([])
      // the first pod of all pulls the image
      if (round === 0) continue
      times.worker.push(worker)
      times.kubectl.push(kubectlMs)
    }
    console.log(`\nFogFlow tasks on a real cluster, median of ${SINGLE}`.padEnd(49), '  ready')
    const row = (title: string, value: number, more = '') =>
      console.log(`${title.padEnd(48)}${value.toFixed(0).padStart(7)} ms ${more}`)
    const [own, theirs] = [median(times.worker), median(times.kubectl)]
    row('kubectl create', theirs)
    row('ADD_TASK', own, `× ${(own / theirs).toFixed(2)}`)

    const bursts: Record<'worker' | 'kubectl' | 'safe', number[]> = {
      ...{ worker: [], kubectl: [], safe: [] },
    }
    for (let round = 0; round < BURSTS; round++) {
      const ids = Array.from({ length: BURST }, (_, index) => `Task.Burst${round}.Main.${index}`)
      bursts.worker.push(
        await readyAfter(BURST, () => {
          const started = performance.now()
          for (const ID of ids) send('ADD_TASK', taskOf(ID))
          const safe = () => {
            const texts = [...stored.states(), ...kept.states()].join(' ')
            const found = texts.match(new RegExp(`Task\\.Burst${round}\\.Main\\.\\d+`, 'g'))
            return new Set(found).size >= BURST
          }
          const watched = [stored, kept].map((watch) => watch.until(safe))
          void Promise.race(watched).then(() => bursts.safe.push(performance.now() - started))
        }),
      )
      const objects = bare(`bare-burst-${round}`)
      await clear(ids)
      bursts.kubectl.push(await readyAfter(BURST, create(objects)))
      await clear([])
    }
    const [burst, together] = [median(bursts.worker), median(bursts.kubectl)]
    row(`${BURST} × kubectl create in one file`, together)
    row(`${BURST} × ADD_TASK in a burst`, burst, `× ${(burst / together).toFixed(2)}`)
    row(
      '  safe in the cluster',
      median(bursts.safe),
      bursts.safe.map((ms) => ms.toFixed(0)).join(', '),
    )
    await connection.close()
  } finally {
    for (const { end } of watches) end()
    await clusterDown(options, { volumes: true }, () => undefined)
  }
}

interface Named {
  kind: string
  metadata: { name: string; labels?: Record<string, string> }
}

/** The same object without what the API server has added, under a name of its own, and not one of the worker. */
function bareObject(object: Named, name: string): object {
  const { kind, metadata } = object
  const text = JSON.stringify(object)
    .replaceAll(metadata.name, name)
    .replaceAll('fogflow.landfall.dev/worker', 'bench-worker')
  const copy = JSON.parse(text)
  const labels = { ...copy.metadata.labels, bench: 'bare' }
  const { clusterIP, clusterIPs, ...spec } = copy.spec
  return { apiVersion: copy.apiVersion, kind, metadata: { name, labels }, spec }
}

function taskOf(ID: string) {
  return {
    ...{ ID, TopologyName: 'Bench', TaskName: 'Main', ServiceIntentID: 'ServiceIntent.bench' },
    ...{ OperatorName: 'counter', TaskType: '', FunctionCode: '', Parameters: [], Inputs: [] },
    ...{ DockerImage: 'fogflow/counter:latest', WorkerID: WORKER, IsExclusive: false },
    Outputs: [{ Type: 'Out', StreamID: `Out.${ID}`, Annotations: null }],
    ...{ PriorityLevel: 0, Status: 'scheduled' },
  }
}

interface Watch {
  /** Names whose last state is this one; all without one. */
  names(state?: string): string[]
  /** The last states of all names. */
  states(): string[]
  /** Resolves when the check holds after a line. Rejects after LONGEST_MS. */
  until(check: () => boolean): Promise<void>
  end(): void
}

/** Follows the lines NAME STATE of a watch. */
function watchLines(child: ChildProcess): Watch {
  const states = new Map<string, string>()
  const waiting = new Set<() => void>()
  let begun = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${begun}${text}`.split('\n')
    begun = lines.pop() ?? ''
    for (const line of lines) {
      const [name = '', state = ''] = line.trim().split(/\s+/)
      states.set(name, state)
    }
    for (const look of waiting) look()
  })
  return {
    names: (state) =>
      [...states].flatMap(([name, now]) => (state === undefined || now === state ? [name] : [])),
    states: () => [...states.values()],
    until: (check) =>
      new Promise((resolve, reject) => {
        const done = () => {
          clearInterval(again)
          clearTimeout(late)
          waiting.delete(look)
        }
        const look = () => {
          if (!check()) return
          done()
          resolve()
        }
        const again = setInterval(look, 1_000)
        const late = setTimeout(() => {
          done()
          reject(new Error(`not within ${LONGEST_MS} ms`))
        }, LONGEST_MS)
        waiting.add(look)
        look()
      }),
    end: () => void child.kill(),
  }
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`)
  return stdout
}
