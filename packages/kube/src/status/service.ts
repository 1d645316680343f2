import { current, inProgress, type StatusRule } from './status.ts'

/** Current at once, but for a load balancer, which needs an address. */
export const serviceStatus: StatusRule = ({ spec, status }) => {
  if (spec?.type !== 'LoadBalancer') return current('exists')
  const ingress = status?.loadBalancer?.ingress ?? []
  return ingress.length > 0
    ? current('has an address')
    : inProgress('the load balancer has no address yet')
}
