/* Takes out of a text what names a person, a private host or a secret. Pure: no page, no network.

   Line breaks and all other words stay, so that the search finds the same in the text. It is a
   help, not a guarantee: whoever shares a text sees it first and can edit it. */

const SECRET = "REDACTED"
const HOST = "host.example"
const USER = "user"
const EMAIL = "user@example.org"
const ADDRESS = "192.0.2.1"

/* Hosts that everybody uses: they and their subdomains tell nothing about anybody. */
const PUBLIC = [
  "pypi.org", "pythonhosted.org", "pypi.python.org", "python.org", "pypa.io", "readthedocs.io",
  "readthedocs.org", "github.com", "githubusercontent.com", "gitlab.com", "bitbucket.org",
  "codeberg.org", "pytorch.org", "anaconda.com", "anaconda.org", "piwheels.org", "rustup.rs",
  "rust-lang.org", "crates.io", "microsoft.com", "visualstudio.com", "aka.ms", "apple.com",
  "nvidia.com", "pypi.tuna.tsinghua.edu.cn", "tuna.tsinghua.edu.cn", "mirrors.aliyun.com",
  "pypi.douban.com", "pypi.doubanio.com", "pypi.mirrors.ustc.edu.cn", "mirrors.cloud.tencent.com",
  "repo.huaweicloud.com", "debian.org", "ubuntu.com", "stackoverflow.com", "example.org",
  "example.com", "example.net", "example", "localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1",
  ADDRESS,
] // prettier-ignore

const NAMES = "passw(?:or)?d|passphrase|passwd|pwd|token|secret|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|auth(?![a-z])"
const HIDDEN = /^(?:REDACTED|\*+|<[^>]*>|\$\{?[\w.]*\}?)$/

const TOKENS = new RegExp(
  [
    "pypi-(?=[\\w-]{0,40}[A-Z0-9])[\\w-]{20,}",
    "gh[pousr]_\\w{16,}",
    "github_pat_\\w{16,}",
    "gl[a-z]{2,8}-[\\w-]{16,}",
    "(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}",
    "xox[a-z]-[\\w-]{8,}",
    "(?:npm|hf|dckr_pat|dop_v1|rubygems|shpat|lin_api)_[\\w-]{16,}",
    "sk-[\\w-]{16,}",
    "AIza[\\w-]{20,}",
    "ya29\\.[\\w.-]{16,}",
    "AKCp[\\w]{10,}",
    "eyJ[\\w-]{5,}\\.[\\w-]{5,}(?:\\.[\\w-]*)?",
  ].map(one => `(?<![\\w-])${one}`).join("|"),
  "g",
)

const TLDS = "com|net|org|edu|gov|mil|int|info|biz|io|dev|cloud|app|ai|co|tech|eu|de|uk|fr|nl|ch|at|be|es|it|pt|se|no|fi|dk|cz|hu|ro|gr|ie|ru|ua|tr|il|jp|cn|kr|tw|hk|sg|au|nz|ca|us|br|mx|ar|cl|za"
const SHORT_TLDS = "com|net|org|edu|gov|mil|biz|cloud|eu|de|uk|fr|nl|ch|cn|jp|kr|au|ca|ru|br"
const PRIVATE_TLDS = "corp|internal|intern|intranet|intra|local|localdomain|lan|home|priv|private|onion"

const PASSES = 5

/* Return the text with private things replaced. Redacting twice changes nothing. */
export function redact(text) {
  let result = text
  for (let pass = 0; pass < PASSES; pass += 1) {
    const before = result
    result = once(before)
    if (result === before) break
  }
  return result
}

function once(text) {
  let result = text
  result = keys(result)
  result = result.replace(TOKENS, SECRET)
  result = headers(result)
  result = addresses(result)
  result = pairs(result)
  result = homes(result)
  result = result.replace(/(?<![\w.+/-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6}\.[a-z]{2,24}(?![\w@:-])/gi, EMAIL)
  result = result.replace(/(?<![\w.@-])[a-z_][\w.-]{0,40}@[\w.-]{1,80}(?=:[~/]|[: ][^\n]{0,80}[$#%] )/gi, known)
  result = hosts(result)
  return result
}

/* How many places of a text were replaced in another: a number to show. */
export function replaced(before, after) {
  const count = text => text.match(/REDACTED|host\.example|192\.0\.2\.1|user@example\.org|(?:home|Users)[\\/]+user\b/g)?.length ?? 0
  return Math.max(0, count(after) - count(before))
}

function known(prompt) {
  return prompt === EMAIL || prompt.startsWith("git@") ? prompt : `${USER}@host`
}

function keys(text) {
  return text.replace(
    /(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)([\s\S]{0,20000}?)(-----END|$)/g,
    (_, begin, body, end) => begin + body.replace(/[^\n]+/g, SECRET) + end,
  )
}

function headers(text) {
  return text
    .replace(/\b((?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:bearer|basic|digest|token|negotiate|apikey)\s{1,4})?)([^\s"',;]+)/gi, `$1${SECRET}`)
    .replace(/\b(bearer|basic)(\s{1,4})([\w.~+/=-]{12,})/gi, (_, scheme, blank, value) =>
      /[0-9=+/]|[a-z][A-Z]/.test(value) ? `${scheme}${blank}${SECRET}` : `${scheme}${blank}${value}`,
    )
    .replace(/\b((?:set-)?cookie["']?\s{0,4}:\s{0,4})([^\n]+)/gi, `$1${SECRET}`)
    .replace(/\b(x-[a-z0-9-]{0,40}(?:token|key|auth|secret)["']?\s{0,4}:\s{0,4}["']?)([^\s"']+)/gi, `$1${SECRET}`)
}

/* name=value and name: value, and options that take a secret. */
function pairs(text) {
  const value = `"[^"\\n]{1,200}"|'[^'\\n]{1,200}'|[^\\s,;&"'<>)\\]}]{1,500}`
  return text
    .replace(new RegExp(`((?<![a-z0-9])[\\w.-]{0,40}(?:${NAMES})[\\w.-]{0,40}["']?(?:\\s{0,4}=(?!=)\\s{0,4}|:\\s{0,4}))(${value})`, "gi"), (all, name, found) => {
      const bare = found.replace(/^["']|["']$/g, "")
      if (HIDDEN.test(bare) || /^https?:/.test(bare)) return all
      return name + found.replace(bare, () => SECRET)
    })
    .replace(new RegExp(`((?<![\\w-])--?[\\w-]{0,30}(?:${NAMES})\\s{1,4})(?!-)(${value})`, "gi"), `$1${SECRET}`)
}

/* URLs, and what git takes for one. */
function addresses(text) {
  return text
    .replace(/\b([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/"'<>@]{0,400}@)?([^\s/"'<>:?#@,)\]\\]{1,255}|\[[0-9a-f:.%]{2,60}\])?(:\d{1,5})?([^\s"'<>`]*)/gi, (all, scheme, login = "", host = "", port = "", rest = "") => {
      const user = login && login !== "git@" ? `${SECRET}@` : login
      const path = rest.replace(new RegExp(`([?&;#][^=\\s&#]{0,60}(?:${NAMES}|sig|signature|key|code|session)[^=\\s&#]{0,60}=)([^\\s&#]+)`, "gi"), `$1${SECRET}`)
      if (!host || /^file:/i.test(scheme) || isPublic(host) || /^[{$<%]/.test(host)) return scheme + user + host + port + path
      return scheme + user + HOST + port + privatePath(path)
    })
    .replace(/(?<![\w.@/-])([\w.-]{1,40})@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6}):(?=[\w.~-]+\/)/gi, (all, user, host) => `${user === "git" ? user : USER}@${isPublic(host) ? host : HOST}:`)
    .replace(/(?<![\w:\\/.])(\\\\(?:\\\\)?)([a-z0-9][\w.-]{1,63})(?=\\)/gi, (all, slashes, host) => (host.toLowerCase() === "host" ? all : `${slashes}host`))
}

/* The path on a private host can name teams and projects: what tells of the error stays. */
function privatePath(path) {
  const at = path.search(/\/\+?simple(?=\/|$)/)
  if (at > 0) return `/PATH${path.slice(at)}`
  const file = path.match(/\/[^/?#]+\.(?:whl|tar\.gz|zip|tar\.bz2|json|git|metadata)(?=[?#@:,.)]|$)/)
  if (file && file.index > 0) return `/PATH${path.slice(file.index)}`
  return path
}

/* User names in home folders. */
function homes(text) {
  return text
    .replace(/((?:^|[^\w.])(?:\/home|\/Users|\/export\/home|\/mnt\/[a-z]\/Users|\/[a-z]\/Users)\/)([^/\s'":;,)\]]+)/gm, (_, folder) => folder + USER)
    .replace(/([a-z]:(?:\\{1,2}|\/)(?:Users|Documents and Settings)(?:\\{1,2}|\/))([^\\/:*?"<>|\r\n]{1,60}(?=[\\/])|[^\\/\s'":*?<>|,;)\]]+)/gi, (_, folder) => folder + USER)
}

/* Hosts outside of URLs. */
function hosts(text) {
  return text
    .replace(/((?<![\w-])(?:host(?:name)?\s{0,2}[=:]\s{0,2}|--?(?:trusted-)?host[ =]|trusted-host\s{0,4}=\s{0,4}|(?:not valid for|doesn't match|does not match|match either of)\s{1,2})["']?)([a-z0-9*][a-z0-9.*-]{0,250}[a-z0-9])(?![\w.-]*[\w-])/gi, (all, before, host) => (isPublic(host) ? all : before + HOST))
    .replace(new RegExp(`(?<![\\w.@/\\\\-])(?:[a-z0-9-]{1,63}\\.){1,8}(?:${PRIVATE_TLDS})(?![\\w-]|\\.\\w)`, "gi"), HOST)
    .replace(new RegExp(`(?<![\\w.@/\\\\=-])(?:(?:[a-z0-9-]{1,63}\\.){2,8}(?:${TLDS})|[a-z0-9-]{1,63}\\.(?:${SHORT_TLDS}))(?![\\w/-]|\\.\\w)`, "gi"), host => (isPublic(host) ? host : HOST))
    .replace(/(?<![\w.=<>~!-])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2}|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])(?:\.\d{1,3}){2})(?![\w-]|\.\d)/g, ADDRESS)
    .replace(/(?<![\w:.])(?:fe80|fd[0-9a-f]{2}|fc[0-9a-f]{2}):[0-9a-f:]{2,40}(?:%\w{1,16})?(?![\w:])/gi, ADDRESS)
}

function isPublic(host) {
  const name = host.toLowerCase().replace(/\.$/, "")
  return PUBLIC.some(one => name === one || name.endsWith(`.${one}`))
}
