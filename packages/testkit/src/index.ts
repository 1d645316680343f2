export { eventually } from './eventually.ts'
export { allReady, type Json, type Namespace, namespaceOf, podReady } from './namespace.ts'
export { type Finished, landfall, repository, run } from './run.ts'
export {
  keepOnFailure,
  landfallOnCluster,
  onSharedCluster,
  sharedCluster,
  testNamespace,
} from './shared-cluster.ts'
export { addressIn, askJson, findOrder, placeOrder } from './shop.ts'
