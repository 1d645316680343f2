import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiServer, defaultOptions, startApiServer } from '@landfall/local-cluster'

/** An API server without controllers in a temporary directory, which goes with it. */
export async function temporaryApiServer(): Promise<ApiServer> {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-api-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  const { cacheDirectory } = defaultOptions(process.env)
  try {
    const server = await startApiServer({ cacheDirectory, directory, progress: () => {} })
    return {
      ...server,
      async close() {
        await server.close()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}
