/** Lines that do harm when they are run, as data: each with an example and a counter-example that its test holds it to. */

export interface DangerousLine {
  readonly id: string;
  readonly pattern: RegExp;
  readonly message: string;
  readonly fix: string;
  /** `run`: stops in files that are run as commands, elsewhere it is told. `code`: stops in code, in tests it is told. */
  readonly stops: "run" | "code" | "never";
  readonly examples: readonly string[];
  readonly counters: readonly string[];
}

export const DANGEROUS_LINES: readonly DangerousLine[] = [
  {
    id: "delete-all",
    pattern:
      /\brm\s+(?=(?:-\S+\s+)*-(?:\w*[rR]|-recursive))(?:-\S+\s+)+["']?(?:\/|~\/?|\$\{?HOME\}?\/?)\*?["']?(?=\s|$|[;&|)`"'])|--no-preserve-root\b/,
    message: "deletes everything below / or the home folder",
    fix: "Name the folder that is meant, below the repository or a temporary one.",
    stops: "run",
    examples: [
      "rm -rf /",
      "sudo rm -fr ~/",
      'rm -r -f "$HOME"',
      "rm -rf /*",
      "rm --recursive --force $HOME/",
      "rm -rf --no-preserve-root /x",
    ],
    counters: ["rm -rf /tmp/build", "rm -rf ./dist", "rm -rf ~/.cache/tool", "rm -f /", 'rm -rf "$HOME/.cache"', "npm rm -r x"],
  },
  {
    id: "destroy-disk",
    pattern:
      /\bmkfs(?:\.\w+)?\s+(?:-\S+\s+)*\/dev\/|\bdd\b[^|;]*\bof=\/dev\/(?!null|stdout|stderr)|>\s*\/dev\/(?:sd|nvme|disk|hd)\w|:\(\)\s*\{\s*:\s*\|\s*:\s*&\s*\}/,
    message: "overwrites a disk or exhausts the machine",
    fix: "Leave devices alone; write to a file.",
    stops: "run",
    examples: ["mkfs.ext4 /dev/sda1", "dd if=x of=/dev/sda", "cat x > /dev/nvme0n1", ":(){ :|:& };:"],
    counters: ["dd if=/dev/zero of=disk.img", "dd if=x of=/dev/null", "echo x > /dev/stderr", "mkfs.ext4 disk.img"],
  },
  {
    id: "pipe-to-shell",
    pattern:
      /\b(?:curl|wget)\b[^|;#]*\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:env\s+)?(?:\/(?:usr\/)?bin\/)?(?:(?:ba|z|da|k)?sh\b(?!\w)|(?:python3?|node|perl|ruby)(?:\s+-)?\s*(?:$|[;&|"'`)]))/,
    message: "runs what the network answers",
    fix: "Fetch a pinned version, check its hash, then run the file; or use the package manager.",
    stops: "run",
    examples: [
      "curl -fsSL https://x.test/i | sh",
      "wget -qO- https://x.test | sudo -E bash -",
      "curl x.test/i.py | python3 -",
      "RUN curl x.test | /bin/sh",
    ],
    counters: [
      "curl https://x.test | jq .",
      "curl https://x.test/a | shasum -a 256",
      "curl x.test | python3 -m json.tool",
      "curl x.test -o i.sh",
    ],
  },
  {
    id: "eval-fetched",
    pattern:
      /\b(?:eval|(?:ba|z|da|k)?sh|source)\s+(?:-\w+\s+)*["']?(?:\$\(|<\(|`)\s*(?:curl|wget)\b|(?<![.\w])(?:eval|exec|new Function)\s*\([^)]{0,80}(?:\bfetch\(|requests\.get\(|urlopen\(|http\.get\()/,
    message: "evaluates what the network answers",
    fix: "Read it as data, such as JSON, and never as code.",
    stops: "code",
    examples: [
      'eval "$(curl -s https://x.test)"',
      "bash <(curl -s https://x.test)",
      'sh -c "$(wget -qO- x.test)"',
      "eval(await (await fetch(url)).text())",
      "exec(requests.get(url).text)",
    ],
    counters: ["version=$(curl -s https://x.test)", "const found = /a/.exec(await (await fetch(url)).text())", "bash build.sh"],
  },
  {
    id: "world-writable",
    pattern: /\bchmod\s+(?=(?:\S+\s+)*?(?:-\w*R|--recursive))(?:-\S+\s+)*(?:0?777|(?:a|ugo)?\+rwx)\b/,
    message: "lets everybody change a whole folder",
    fix: "Give the rights that are needed to who needs them, e.g. chmod -R u+rwX.",
    stops: "run",
    examples: ["chmod -R 777 /srv", "chmod 777 -R .", "sudo chmod --recursive a+rwx dist"],
    counters: ["chmod 755 bin/x", "chmod -R u+rwX dist", "chmod 777 one.txt"],
  },
  {
    id: "force-push",
    pattern: /\bgit\s+(?:-[cC]\s+\S+\s+)*push\b(?=[^;&|#]*\s(?:--force(?![\w-])|-f(?!\w)|--mirror\b))/,
    message: "overwrites the history of a remote",
    fix: "Push without force; where it has to be, --force-with-lease on a branch of one's own.",
    stops: "run",
    examples: ["git push --force origin main", "git -C x push origin -f", "git push --mirror backup"],
    counters: ["git push origin HEAD", "git push --force-with-lease", "git push origin main && rm -f x"],
  },
  {
    id: "no-tls-check",
    pattern:
      /\bNODE_TLS_REJECT_UNAUTHORIZED["'\]]*\s*[=:]\s*["']?0\b|\brejectUnauthorized["']?\s*:\s*false\b|\bInsecureSkipVerify\s*:\s*true\b|\bverify\s*=\s*False\b|\bssl\.CERT_NONE\b|\bGIT_SSL_NO_VERIFY\s*=\s*["']?(?:1|true)\b|\bsslVerify["']?\s*[= ]\s*["']?false\b|\bstrict-ssl\s*[= ]\s*false\b/,
    message: "switches the check of TLS certificates off",
    fix: "Trust the one certificate that is meant (a CA file), not every one.",
    stops: "code",
    examples: [
      "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'",
      "export NODE_TLS_REJECT_UNAUTHORIZED=0",
      "new Agent({ rejectUnauthorized: false })",
      "requests.get(url, verify=False)",
      "&tls.Config{InsecureSkipVerify: true}",
      "git config http.sslVerify false",
    ],
    counters: ["rejectUnauthorized: true", "requests.get(url, verify='/ca.pem')", "const verify = false", "sslVerify = true"],
  },
  {
    id: "curl-insecure",
    pattern: /\bcurl\s(?:[^|;#]*\s)?(?:-[a-zA-Z]*k[a-zA-Z]*(?=\s|$)|--insecure\b)|\bwget\b[^|;#]*--no-check-certificate\b/,
    message: "fetches without checking the certificate",
    fix: "Give curl the CA with --cacert.",
    stops: "never",
    examples: ["curl -sk https://x.test", "curl https://x.test --insecure", "wget --no-check-certificate https://x.test"],
    counters: ["curl --key a.pem https://x.test", "curl -s https://x.test/-k-", "curl -fsSL https://x.test"],
  },
  {
    id: "set-user-id",
    pattern: /\bchmod\s+(?:-\S+\s+)*(?:[ug]*\+\w*s\w*|[2467][0-7]{3})\s/,
    message: "makes a program run with the rights of its owner",
    fix: "Say in the summary why it has to.",
    stops: "never",
    examples: ["chmod u+s /usr/bin/x", "chmod 4755 x"],
    counters: ["chmod 0755 x", "chmod u+x x", "chmod 755 x"],
  },
  {
    id: "install-script",
    pattern: /^\s*"(?:preinstall|install|postinstall)"\s*:\s*"/,
    message: "runs by itself on every install",
    fix: "Make it a script that is called where it is needed.",
    stops: "never",
    examples: ['    "postinstall": "node build.js"'],
    counters: ['    "install-deps": "npm ci"', '  "test": "npm run postinstall"'],
  },
];

/** Comments are told by nobody: they do nothing. */
export const COMMENT = /^\s*(?:#(?!!)|\/\/|\/\*|<!--|--\s)|^\s+\*\s/;
