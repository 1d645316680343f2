import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeImage } from '../made-image.ts'
import type { ImageAnswer } from '../read-image.ts'
import { askRegistries } from './ask-registries.ts'
import type { Mode } from './hostile-modes.ts'

const ordinary = makeImage({ User: 'app' }, [{ 'etc/passwd': 'app:x:5:5::/:\n' }])

/** Asks a real registry that is hostile in one way for the image `app:1` with its accounts. */
export async function askHostile({ image = ordinary, does, access }: Mode): Promise<ImageAnswer> {
  let own = ''
  const server = createServer((request, response) => {
    response.on('error', () => {})
    if (does?.(request, response, { own, other: own }) === true) return
    const [, kind, name = ''] = /^\/v2\/app\/(manifests|blobs)\/(.+)$/.exec(request.url ?? '') ?? []
    const bytes = image.blobs.get(kind === 'manifests' && name === '1' ? image.digest : name)
    if (bytes === undefined) response.writeHead(404).end('{"errors":[]}')
    else response.end(bytes)
  })
  server.on('clientError', (_, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  own = `127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const ask = askRegistries({
      fetch,
      credentials: async () => undefined,
      patience: 20_000,
      transfer: 60_000,
      ...access,
    })
    return await ask({ image: `${own}/app:1`, accounts: true })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
