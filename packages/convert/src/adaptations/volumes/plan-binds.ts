import type { Diagnostic } from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion } from '../../conversion.ts'
import type { Bind, BindTree } from '../../facts/binds/bind.ts'
import { isForbiddenToCreate } from '../../facts/binds/collect.ts'
import { isEtc } from '../../facts/binds/places.ts'
import { bindTrees } from '../../facts/binds/trees.ts'

/** Writes what becomes of every tree into the plan, and reports each that could be wrong, once. */
export function planBinds(conversion: Conversion): void {
  for (const tree of bindTrees(conversion)) {
    const { shown, kind, because, binds, volume } = tree
    conversion.plan.binds.push({
      path: shown,
      as: kind,
      because,
      ...(kind === 'storage' ? { volume } : {}),
      mounts: binds.map(({ service, shown: path, mounted, written }) => ({
        service: service.service,
        path,
        target: mounted.mount.target,
        readOnly: !written,
      })),
    })
    reportForbidden(conversion, tree)
    const problem = problemOf(conversion, tree)
    if (problem === undefined) continue
    const { service, mounted } = binds.find(({ written }) => written) ?? (binds[0] as Bind)
    conversion.report({ severity: 'warning', path: service.at(...mounted.keys), ...problem })
  }
}

type Problem = Pick<Diagnostic<ConvertCode>, 'code' | 'message' | 'hint' | 'many'> & {
  severity?: 'note'
}

/** What may be wrong with the decision, or is lost by it. */
function problemOf(conversion: Conversion, tree: BindTree): Problem | undefined {
  const { shown, kind, because, binds, inProject, unsure, isFile } = tree
  const claim = conversion.plan.volumes.find(({ volume }) => volume === tree.volume)?.claim
  const names = [...new Set(binds.map(({ service }) => service.service))]
  const services = listed(names)
  const declared = because.code === 'bind/declared'
  if (kind === 'storage' && !inProject && !declared)
    return {
      code: 'convert/bind-outside',
      message: `${shown} is outside the project: ${services} ${names.length === 1 ? 'gets' : 'get'} the claim ${claim}, which starts empty`,
      hint: `copy its content into the claim (kubectl cp), or set volumes: { ${shown}: { as: host } } in landfall.yaml`,
      many: {
        subject: names.length > 3 ? shown : `${shown} (${services})`,
        message: '<all> are outside the project: the services get claims, which start empty',
        hint: 'copy their content into the claims (kubectl cp), or set `as: host` for them under volumes in landfall.yaml',
      },
    }
  if (kind === 'storage' && unsure && because.code !== 'bind/no-files')
    return {
      severity: 'note',
      code: 'convert/bind-kept',
      message: `${shown} is storage on the claim ${claim}, because ${because.text}`,
      hint: `if programs only read it, mount it read-only (:ro) or set volumes: { ${shown}: { as: config } } in landfall.yaml`,
      many: {
        subject: shown,
        message:
          '<all> are storage on claims, because programs can write them, and nothing shows that they are configuration only',
        hint: 'if programs only read them, mount them read-only (:ro) or set `as: config` for them under volumes in landfall.yaml',
      },
    }
  if (kind === 'config' && unsure)
    return {
      code: 'convert/bind-copied',
      message: `${shown} is copied for each pod of ${services}: changes are lost with the pod`,
      hint: `mount it read-only (:ro), or keep it: volumes: { ${shown}: { as: storage } } in landfall.yaml`,
      many: {
        subject: names.length > 3 ? shown : `${shown} (${services})`,
        message: '<all> are copied for each pod: changes are lost with the pod',
        hint: 'mount them read-only (:ro), or keep them: `as: storage` under volumes in landfall.yaml',
      },
    }
  if (kind === 'config' && !isFile && isExchanged(binds))
    return {
      code: 'convert/bind-copied',
      message: `${shown} is copied for each pod: ${services} do not see changes of each other, which are lost with the pod`,
      hint: `mount it read-only (:ro), or keep it: volumes: { ${shown}: { as: storage } } in landfall.yaml`,
      many: {
        subject: names.length > 3 ? shown : `${shown} (${services})`,
        message:
          '<all> are copied for each pod: the services do not see changes of each other, which are lost with the pod',
        hint: 'mount them read-only (:ro), or keep them: `as: storage` under volumes in landfall.yaml',
      },
    }
  if (kind === 'image' && binds.some(({ written }) => written))
    return {
      severity: 'note',
      code: 'convert/bind-in-image',
      message: `${shown} is not mounted, because ${because.text}; what programs write there is lost with the pod`,
      hint: `to mount it: volumes: { ${shown}: { as: storage } } in landfall.yaml`,
      many: {
        subject: shown,
        message:
          '<all> are not mounted, because the images are built with them; what programs write there is lost with the pod',
        hint: 'to mount them: `as: storage` under volumes in landfall.yaml',
      },
    }
  if (conversion.files.stat(tree.root) !== undefined) return undefined
  if (kind === 'storage' && isFile)
    return {
      code: 'convert/bind-source-missing',
      message: `${shown} does not exist: ${services} ${names.length === 1 ? 'finds' : 'find'} an empty file, where Docker creates a directory`,
      hint: 'create the file in the project',
      many: {
        subject: names.length > 3 ? shown : `${shown} (${services})`,
        message:
          '<all> do not exist: the services find empty files, where Docker creates directories',
        hint: 'create the files in the project',
      },
    }
  const expected = kind === 'config' || (kind === 'storage' && !declared && isConfigPlace(binds))
  return expected
    ? {
        code: 'convert/bind-source-missing',
        message: `${shown} does not exist: ${services} ${names.length === 1 ? 'finds' : 'find'} an empty directory`,
        hint: 'create it',
        many: {
          subject: names.length > 3 ? shown : `${shown} (${services})`,
          message: '<all> do not exist: the services find empty directories',
          hint: 'create them',
        },
      }
    : undefined
}

/** Docker creates a missing directory, unless the project forbids it: the container then does not start. */
function reportForbidden(conversion: Conversion, { binds, inProject, kind }: BindTree): void {
  for (const bind of binds) {
    const { service, mounted, source, shown } = bind
    if (
      isForbiddenToCreate(conversion, bind) &&
      inProject &&
      kind !== 'host' &&
      conversion.files.stat(source) === undefined
    )
      conversion.report({
        code: 'convert/bind-source-missing',
        severity: 'error',
        message: `${shown} does not exist, and create_host_path is false`,
        path: service.at(...mounted.keys),
        hint: 'create it',
      })
  }
}

/** Whether programs of different images mount what one of them may write. */
function isExchanged(binds: readonly Bind[]): boolean {
  return (
    binds.some(({ written }) => written) &&
    new Set(binds.map(({ service }) => service.plan.image)).size > 1
  )
}

/** Whether a program expects files of the project where it is mounted. */
function isConfigPlace(binds: readonly Bind[]): boolean {
  return binds.some(({ target, written }) => written && isEtc(target))
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
