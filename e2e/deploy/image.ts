import { defaultOptions, provideImages } from '@landfall/local-cluster'
import { IMAGE, sharedCluster } from '@landfall/testkit'

/** Makes sure that the nodes can pull the image of the tests; nodes that are not ours pull it by themselves. */
export async function provideTestImage(): Promise<void> {
  const cluster = sharedCluster()
  if (cluster.context !== undefined) return
  const options = {
    ...defaultOptions(process.env),
    name: cluster.name,
    nodes: cluster.nodes.length,
  }
  const [source] = await provideImages(cluster, options, [IMAGE], () => {})
  if (source?.from === 'missing') throw new Error(source.detail)
}
