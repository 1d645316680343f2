import { CLIENTS_SCRIPT } from './clients-script.ts'

/**
 * The program of every gate. It needs sh (ash or dash), curl, sleep and cat, reads lists of waits (the grammar is in
 * this folder's README) and ends when all of them hold in one pass. No wait ends because time passed.
 */
export const GATE_SCRIPT = `# gate.sh wait DIRECTORY              ends when everything in the lists of the directory holds
# gate.sh check DIRECTORY ATTEMPTS    the same, but exits with 75 when it does not after so many attempts
# gate.sh end DIRECTORY               the same, then kills every other process of the pod (in a shared process namespace)
# Where GATE_JOB is set, check and end mark that Job as done: its controller takes seconds longer to say so.
set -f
trap 'exit 143' TERM INT
lists=$2
api=\${GATE_API:-https://kubernetes.default.svc}
account=\${GATE_ACCOUNT:-/var/run/secrets/kubernetes.io/serviceaccount}
newline='
'

fetch() { curl -s --noproxy '*' --connect-timeout 1 --max-time 5 -w '\\n%{http_code}' "$@"; }

# connects HOST PORT: curl tells of a connection at once, and then waits for the other side to speak
connects() {
  { curl -sv --noproxy '*' --connect-timeout 1 --max-time 2 -w 'time_connect %{time_connect}\\n' \\
    "telnet://$1:$2" </dev/null & } 2>&1 | while IFS= read -r said; do
    case $said in
      *'Connected to '* | *'Established connection '* | 'time_connect '*[1-9]*) exit 9 ;;
    esac
  done
  [ $? -eq 9 ]
}

# any_connects HOST PORT...
any_connects() {
  host=$1
  shift
  for port; do
    connects "$host" "$port" && return
  done
  return 1
}

# resolves HOST: only a name that resolved is tried
resolves() {
  case $(curl -sv --noproxy '*' --connect-timeout 1 --max-time 2 "telnet://$1:9" </dev/null 2>&1) in
    *'Trying '*) return 0 ;;
  esac
  return 1
}

# answers STATUS URL TEXT REQUEST: the request is a curl configuration, escaped for printf. 2: there is no answer
answers() {
  answer=$(printf '%b' "$4" | fetch -K - "$2")
  status=\${answer##*"$newline"}
  if [ "$status" = 000 ]; then
    why="$2: nothing answers"
    return 2
  elif [ "$1" = 2xx ] && [ "\${status#2}" = "$status" ]; then
    why="$2: it answers $status"
  elif [ "$1" != 2xx ] && [ "$1" != "$status" ]; then
    why="$2: it answers $status, not $1"
  else
    case \${answer%"$newline"*} in
      *"$3"*) return 0 ;;
    esac
    why="$2: the answer does not hold $3"
  fi
  return 1
}

# as_account CURL-ARGUMENTS...: asks the API of the cluster with the token of this container alone
as_account() {
  printf 'header = "Authorization: Bearer %s"\\n' "$(cat "$account/token")" |
    "$@" -K - -A landfall-gate --cacert "$account/ca.crt"
}

# ask PATH CURL-ARGUMENTS...
ask() {
  path=$1
  shift
  answer=$(as_account fetch "$@" "$api$path")
  status=\${answer##*"$newline"}
}

# announce: those who wait for the Job go on at once; when this fails they go on when it is complete
announce() {
  ask "/apis/batch/v1/namespaces/$(cat "$account/namespace")/jobs/$GATE_JOB" -o /dev/null -X PATCH \\
    -H 'Content-Type: application/merge-patch+json' -d '{"metadata":{"annotations":{"landfall.dev/done":"true"}}}'
  [ "$status" = 200 ] || echo "job/$GATE_JOB could not be marked as done ($status); it is done when it is complete"
}

# next_event: returns when the Job that was asked for last changes, after 10 s at the latest
next_event() {
  query="watch=true&fieldSelector=metadata.name%3D$watched&resourceVersion=$version"
  { (
    exec 2>/dev/null
    as_account curl -sN --noproxy '*' --connect-timeout 1 --max-time 10 "$api$jobs?$query"
  ) & } |
    { read -r line; }
}

# job NAME LABEL
job() {
  jobs=/apis/batch/v1/namespaces/$(cat "$account/namespace")/jobs
  ask "$jobs/$1?pretty=false"
  case $status:$answer in
    200:*'"type":"Complete","status":"True"'* | 200:*'"type":"SuccessCriteriaMet","status":"True"'* | 200:*'"landfall.dev/done":"true"'*) return 0 ;;
    200:*'"type":"Failed","status":"True"'*)
      exited=
      case $answer in
        *'failed with exit code '*)
          exited=\${answer##*'failed with exit code '}
          exited=", last exit \${exited%%[!0-9]*}"
          ;;
      esac
      why="job/$2: it failed for good$exited (kubectl logs job/$1)"
      ;;
    200:*'"failed":'*)
      failed=\${answer##*'"failed":'}
      failed=\${failed%%[!0-9]*}
      case $failed in
        1) failed=once ;;
        2) failed=twice ;;
        *) failed="$failed times" ;;
      esac
      why="job/$2: failed $failed, runs again"
      ;;
    200:*) why="job/$2: not complete" ;;
    404:*) why="job/$2: there is no Job $1 yet" ;;
    401:* | 403:*) why="job/$2: the Role that lets it be read is not there yet" ;;
    *) why="job/$2: the API does not answer ($status)" ;;
  esac
  case $status:$answer in
    200:*'"resourceVersion":"'*)
      watched=$1
      version=\${answer#*'"resourceVersion":"'}
      version=\${version%%'"'*}
      ;;
  esac
  return 1
}

# has_ready_pod: of the Job that was asked for last, which did not end yet
has_ready_pod() {
  case $status:$answer in
    200:*'"type":"Failed","status":"True"'*) ;;
    200:*'"ready":'[1-9]*) return 0 ;;
    200:*) why="$why, and no pod of it is ready" ;;
  esac
  return 1
}

# pods NAME INSTANCE: the labels of the pods
pods() {
  selector="app.kubernetes.io/name%3D$1%2Capp.kubernetes.io/instance%3D$2"
  ask "/api/v1/namespaces/$(cat "$account/namespace")/pods?pretty=false&labelSelector=$selector"
  case $status:$answer in
    200:*'"phase":"Running"'*) return 0 ;;
    200:*) why="$1: no pod of it has started" ;;
    401:* | 403:*) why="$1: the Role that lets its pods be listed is not there yet" ;;
    *) why="$1: the API does not answer ($status)" ;;
  esac
  return 1
}

# status_number KEY: of the status of the Deployment that was asked for last; 0 if it is not there
status_number() {
  found=0
  case $deployment in
    *'"'"$1"'":'[0-9]*)
      found=\${deployment#*'"'"$1"'":'}
      found=\${found%%[!0-9]*}
      ;;
  esac
}

# rollout NAME TEMPLATE
rollout() {
  ask "/apis/apps/v1/namespaces/$(cat "$account/namespace")/deployments/$1?pretty=false"
  why="$1: its new pods are not ready"
  case $status:$answer in
    200:*'"landfall.dev/template":"'"$2"'"'*) ;;
    200:*) why="$1: its new revision is not there yet" && return 1 ;;
    401:* | 403:*) why="$1: the Role that lets its rollout be read is not there yet" && return 1 ;;
    404:*) why="$1: there is no Deployment of it yet" && return 1 ;;
    *) why="$1: the API does not answer ($status)" && return 1 ;;
  esac
  deployment=$answer
  status_number generation
  generation=$found
  deployment=\${answer##*'"status":{'}
  status_number observedGeneration
  [ "$found" -ge "$generation" ] || return 1
  status_number readyReplicas
  [ "$found" -gt 0 ] || return 1
  status_number replicas
  all=$found
  status_number updatedReplicas
  [ "$found" -eq "$all" ]
}

${CLIENTS_SCRIPT}
# holds KIND FIRST REST: whether a line of a list holds; if not, why says what is missing. 2: there was no answer
holds() {
  case $1 in
    started | tcp) why="$2 ($3): nothing answers" && any_connects "$2" $3 ;;
    healthy) why="$2 ($3): not ready" && any_connects "$2" $3 ;;
    ready-name) why="$2: no pod of it is ready" && resolves "$2" ;;
    dns) why="$2: the name does not resolve" && resolves "$2" ;;
    http)
      url=\${3%% *}
      text=\${3#"$url"}
      answers "$2" "$url" "\${text# }" ''
      ;;
    request)
      url=\${3%% *}
      text=\${3#"$url "}
      request=\${text%% *}
      text=\${text#"$request"}
      answers "$2" "$url" "\${text# }" "$request"
      ;;
    job) job "$2" "$3" ;;
    job-or-ready) job "$2" "$3" || has_ready_pod ;;
    pods) pods "$2" "$3" ;;
    rollout) rollout "$2" "$3" ;;
    file) file="$2\${3:+ $3}" && why="$file: there is no such file" && [ -e "$file" ] ;;
    znode)
      port=\${3%% *}
      znode "$2" "$port" "\${3#"$port "}"
      ;;
    consumer)
      login=\${3%% *}
      names=\${3#"$login "}
      consumer "$2" "$login" "\${names%% *}" "\${names#* }"
      ;;
    rows)
      host=\${3%% *}
      left=\${3#"$host "}
      port=\${left%% *}
      left=\${left#"$port "}
      login=\${left%% *}
      rows "$2" "$host" "$port" "$login" "\${left#"$login "}"
      ;;
    not) fails "$2" "$3" ;;
    '' | '#'*) return 0 ;;
    *) why="something that this gate does not know: $1" && return 1 ;;
  esac
}

# fails KIND REST: it was observed that this line does not hold
fails() {
  what="$1 $2"
  first=\${2%% *}
  rest=\${2#"$first"}
  holds "$1" "$first" "\${rest# }"
  case $? in
    0) why="the end of $what" && return 1 ;;
    1) return 0 ;;
  esac
  return 1
}

all_hold() {
  set +f
  set -- "$lists"/*
  set -f
  for list; do
    while read -r kind first rest || [ -n "$kind" ]; do
      holds "$kind" "$first" "$rest" || return 1
    done <"$list"
  done
}

told=
version=
attempt=1
until all_hold; do
  if [ "$1" = check ] && [ "$attempt" -ge "$3" ]; then
    echo "not done: $why"
    exit 75
  fi
  attempt=$((attempt + 1))
  [ "$told" = "$why" ] || echo "waiting for $why"
  told=$why
  [ -z "$version" ] || next_event
  version=
  if [ "$attempt" -lt 100 ]; then sleep 0.2; else sleep 0.5; fi
done
[ -z "\${GATE_JOB:-}" ] || announce
# Only where the processes seen are those of a pod and no others.
if [ "$1" = end ] && [ "$(cat /proc/1/comm)" = pause ]; then kill -9 -1; fi
exit 0
`

/** The same where lists have `{{identity}}` for the number of the copy that waits. */
export const NUMBERED_GATE_SCRIPT = GATE_SCRIPT.replace(
  'all_hold() {',
  () => `# with_number TEXT: with the number of this copy
with_number() {
  left=$1
  numbered=
  while :; do
    case $left in
      *'{{identity}}'*)
        numbered="$numbered\${left%%'{{identity}}'*}$LANDFALL_IDENTITY"
        left=\${left#*'{{identity}}'}
        ;;
      *) break ;;
    esac
  done
  numbered=$numbered$left
}

all_hold() {`,
).replace(
  '      holds "$kind" "$first" "$rest" || return 1\n',
  () => `      with_number "$first"
      first=$numbered
      with_number "$rest"
      holds "$kind" "$first" "$numbered" || return 1
`,
)
