import { linesOf } from './lines.ts'
import { StatusError } from './status-error.ts'

const LINES = { longest: 256 * 1024, beyond: 'cut', unfinished: true } as const

/**
 * What a kubelet sends, with status 200, in place of the output of a container that it has removed: GetContainerLogs of
 * k8s.io/kubernetes/pkg/kubelet/kuberuntime.
 */
const GONE = /^unable to retrieve container logs for [a-z][a-z0-9.-]*:\/\/[0-9a-f]{16,}$/

/** The lines of a container's output. Throws a StatusError (`NotFound`) where its node has removed it. */
export async function* logLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const line of linesOf(chunks, LINES)) {
    if (GONE.test(line))
      throw new StatusError({
        code: 404,
        reason: 'NotFound',
        message: 'its node has removed the container and its output',
      })
    yield line
  }
}
