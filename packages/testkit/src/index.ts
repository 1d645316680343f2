export { connectTestApi, type ProvidedApi, sharedApi, type TestApi } from './api/api.ts'
export { finalizeNamespace } from './api/garbage.ts'
export { type ApiNamespace, apiNamespace } from './api/namespace.ts'
export {
  type ContainerState,
  ended,
  running,
  timeAgo,
  type WrittenPod,
  waiting,
} from './api/pod-status.ts'
export { type Statuses, statusesIn } from './api/statuses.ts'
export { temporaryApiServer } from './api/temporary-server.ts'
export { eventually } from './eventually.ts'
export { allReady, type Json, type Namespace, namespaceOf, podReady } from './namespace.ts'
export { numbers } from './numbers.ts'
export { claim, configMap, deployment, GATE, IMAGE, job } from './objects.ts'
export { openContext, otherContext } from './other-cluster.ts'
export { pages } from './pages.ts'
export { proxyTo } from './proxy.ts'
export { canRunRabbitMq, type RabbitMq, startRabbitMq } from './rabbitmq.ts'
export { type Finished, landfall, repository, run } from './run.ts'
export {
  keepOnFailure,
  landfallOnCluster,
  onSharedCluster,
  sharedCluster,
  type TestCluster,
  testNamespace,
} from './shared-cluster.ts'
export { addressIn, askJson, findOrder, placeOrder } from './shop.ts'
