import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  connectTestApi,
  landfall,
  sharedApi,
  type TestApi,
  temporaryApiServer,
} from '@landfall/testkit'
import { type RecordedTools, recordedTools } from '@landfall/testkit/recorded-tools'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const ID = '0123456789abcdef'.repeat(4)
const REFERENCE = 'docker.io/library/shop-web:landfall-0123456789abcdef01234567'

describe.skipIf(!sharedApi().bare)(
  'up on a real API server whose node is one of kind (needs a server with nodes of the test)',
  () => {
    let server: Awaited<ReturnType<typeof temporaryApiServer>>
    let api: TestApi
    let tools: RecordedTools
    const root = mkdtempSync(join(tmpdir(), 'landfall-foreign-'))

    beforeAll(async () => {
      server = await temporaryApiServer()
      api = connectTestApi({ ...server, bare: true })
      const node = await api.send('POST', '/api/v1/nodes', {
        metadata: { name: 'dev-control-plane' },
        spec: { providerID: 'kind://docker/dev/dev-control-plane' },
      })
      await api.send('PUT', '/api/v1/nodes/dev-control-plane/status', {
        ...node,
        status: {
          nodeInfo: {
            ...{ architecture: process.arch === 'x64' ? 'amd64' : process.arch },
            ...{ kubeletVersion: 'v1.34.1', containerRuntimeVersion: 'containerd://2.1.1' },
            ...{ osImage: 'Debian GNU/Linux 12 (bookworm)', operatingSystem: 'linux' },
            ...{ machineID: 'm', systemUUID: 's', bootID: 'b', kernelVersion: '6' },
            kubeProxyVersion: '',
          },
        },
      })
      writeFileSync(
        join(root, 'kubeconfig'),
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'of-another-name' },
          clusters: [
            {
              name: 'c',
              cluster: {
                server: server.server,
                'certificate-authority-data': Buffer.from(server.authority).toString('base64'),
              },
            },
          ],
          users: [{ name: 'u', user: { token: server.token } }],
          contexts: [{ name: 'of-another-name', context: { cluster: 'c', user: 'u' } }],
        }),
      )
    })
    beforeEach(() => {
      tools?.close()
      tools = recordedTools({
        docker: [
          { when: /^image inspect/, print: `sha256:${ID}` },
          { when: /^inspect/, print: '{"30080/tcp":[{"HostIp":"","HostPort":"8080"}]}' },
        ],
        kind: [],
      })
    })
    afterAll(async () => {
      tools?.close()
      rmSync(root, { recursive: true, force: true })
      await server.close()
    })

    /** Runs `up` on a project; `more` is added to its service. */
    async function up(name: string, more = '') {
      const directory = join(root, name)
      mkdirSync(directory, { recursive: true })
      writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\nCMD ["/web"]\n')
      writeFileSync(
        join(directory, 'compose.yaml'),
        `name: ${name}\nservices:\n  web:\n    build: .\n    image: shop-web\n    pull_policy: always\n${more}`,
      )
      return landfall(['up', directory, '--offline', '--timeout', '5s'], {
        env: {
          ...{
            KUBECONFIG: join(root, 'kubeconfig'),
            HOME: root,
            XDG_CACHE_HOME: join(root, 'cache'),
          },
          PATH: `${tools.directory}:${dirname(process.execPath)}:/usr/bin:/bin`,
        },
      })
    }

    test('what a project builds is loaded with kind, pinned by its content, and not pulled', async () => {
      const { stderr } = await up('builds')
      expect(tools.lines(), stderr).toContain(`kind load docker-image ${REFERENCE} --name dev`)
      const { spec } = await api.send('GET', '/apis/apps/v1/namespaces/builds/deployments/web')
      expect(spec.template.spec.containers[0]).toMatchObject({
        image: REFERENCE,
        imagePullPolicy: 'Never',
      })
      expect(tools.lines().at(-1)).toBe(
        'docker inspect --type container --format {{json .NetworkSettings.Ports}} dev-control-plane',
      )
    })

    test('without a storage class for its claim nothing is built and nothing is applied', async () => {
      const volume = '    volumes: ["data:/data"]\nvolumes:\n  data:\n'
      const { code, stderr } = await up('stores', volume)
      expect(stderr).toContain('error: the cluster has no default storage class')
      expect(stderr).toContain('nothing was applied: kind (cluster dev) (context of-another-name)')
      expect(code).toBe(1)
      expect(tools.lines()).toEqual([])
      await expect(api.send('GET', '/api/v1/namespaces/stores')).rejects.toThrow('404')
    })
  },
)
