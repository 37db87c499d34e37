import type { Rule } from "./spans.ts";
import { isPlaceholder } from "./values.ts";

/** The pattern of one service's keys. */
export interface TokenShape {
  readonly service: string;
  /** The beginnings of its keys in lower case. Only lines that contain one of them are searched. */
  readonly begins: readonly string[];
  /** Finds the keys. Repetitions are bounded, so that it takes linear time. It needs no word boundary in front, because an escape code or `%3D` may precede a key. */
  readonly expression: RegExp;
}

/** The keys of services that people who train models use. Sources: each service's documentation and its rule in gitleaks. */
export const tokenShapes: readonly TokenShape[] = [
  { service: "Hugging Face", begins: ["hf_", "api_org_"], expression: /(?:hf|api_org)_[A-Za-z0-9]{20,128}/g },
  { service: "Weights & Biases", begins: ["wandb_v1_"], expression: /wandb_v1_[A-Za-z0-9_-]{20,200}/g },
  {
    service: "OpenAI, DeepSeek",
    begins: ["sk-"],
    expression: /(?<![A-Za-z0-9])sk-(?!ssh)(?=[A-Za-z_-]{0,80}\d)[A-Za-z0-9_-]{20,300}/g,
  },
  { service: "Groq", begins: ["gsk_"], expression: /gsk_[A-Za-z0-9]{20,128}/g },
  { service: "xAI", begins: ["xai-"], expression: /xai-[A-Za-z0-9_-]{20,200}/g },
  { service: "Perplexity", begins: ["pplx-"], expression: /pplx-[A-Za-z0-9]{20,128}/g },
  { service: "NVIDIA", begins: ["nvapi-"], expression: /nvapi-[A-Za-z0-9_-]{20,200}/g },
  { service: "Replicate", begins: ["r8_"], expression: /(?<![A-Za-z0-9])r8_[A-Za-z0-9]{20,128}/g },
  { service: "Pinecone", begins: ["pcsk_"], expression: /pcsk_[A-Za-z0-9_]{20,200}/g },
  { service: "RunPod", begins: ["rpa_", "rps_"], expression: /rp[as]_[A-Za-z0-9]{20,128}/g },
  {
    service: "Lambda",
    begins: ["secret_"],
    expression: /secret_[A-Za-z0-9-]{1,64}_[a-f0-9]{16,64}\.[A-Za-z0-9]{16,64}/g,
  },
  {
    service: "Modal",
    begins: ["ak-", "as-"],
    expression: /(?<![A-Za-z0-9])a[ks]-[A-Za-z0-9]{22,64}(?![A-Za-z0-9-])/g,
  },
  {
    service: "GitHub",
    begins: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    expression: /(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{16,255}/g,
  },
  {
    service: "GitLab",
    begins: [
      ...[
        "glpat-",
        "gldt-",
        "glrt-",
        "glrtr-",
        "glcbt-",
        "glptt-",
        "glft-",
        "glsoat-",
        "glagent-",
        "glimt-",
        "glffct-",
      ],
      ...["gloas-", "glwt-", "gr1348941"],
    ],
    expression:
      /gl(?:pat|dt|rtr?|cbt|ptt|ft|soat|agent|imt|ffct|oas|wt)-[A-Za-z0-9_.-]{16,320}|GR1348941[A-Za-z0-9_-]{16,64}/g,
  },
  {
    service: "Bitbucket, Atlassian",
    begins: ["atatt3", "atbb"],
    expression: /AT(?:ATT3|BB)[A-Za-z0-9_=-]{20,255}/g,
  },
  { service: "npm", begins: ["npm_"], expression: /npm_[A-Za-z0-9]{20,128}/g },
  { service: "PyPI", begins: ["pypi-ag"], expression: /pypi-Ag[A-Za-z0-9_-]{16,1000}/g },
  { service: "Docker", begins: ["dckr_pat_", "dckr_oat_"], expression: /dckr_[po]at_[A-Za-z0-9_-]{16,128}/g },
  {
    service: "Slack",
    begins: ["xox", "xapp-", "hooks.slack.com/"],
    expression:
      /xoxe\.xox[bp]-[A-Za-z0-9-]{10,255}|xox[a-z]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{10,255}|(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9/+]{20,128}/g,
  },
  {
    service: "Discord",
    begins: ["/api/webhooks/"],
    expression: /(?<=\/api\/webhooks\/)\d{10,24}\/[A-Za-z0-9_-]{30,128}/g,
  },
  {
    service: "Microsoft Teams",
    begins: ["/webhookb2/"],
    expression: /(?<=\/webhookb2\/)[A-Za-z0-9@/-]{60,400}/g,
  },
  { service: "Telegram", begins: [":aa"], expression: /(?<!\d)\d{8,12}:AA[A-Za-z0-9_-]{30,64}/g },
  {
    service: "AWS",
    begins: ["akia", "asia", "abia", "acca"],
    expression: /(?<![A-Za-z0-9])A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9])/g,
  },
  {
    service: "Google",
    begins: ["aiza", "gocspx-", "ya29.", "1//0"],
    expression:
      /AIza[A-Za-z0-9_-]{30,64}|GOCSPX-[A-Za-z0-9_-]{20,64}|ya29\.[A-Za-z0-9_-]{20,512}|1\/\/0[A-Za-z0-9_-]{30,255}/g,
  },
  {
    service: "Azure",
    begins: Array.from({ length: 10 }, (_, digit) => `${digit}q~`),
    expression: /(?<![A-Za-z0-9])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/g,
  },
  {
    service: "Stripe",
    begins: ["_live_", "_test_"],
    expression: /(?:[srp]k|rk|whsec)_(?:live|test)_[A-Za-z0-9]{10,128}/g,
  },
  {
    service: "SendGrid",
    begins: ["sg."],
    expression: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g,
  },
  { service: "DigitalOcean", begins: ["dop_v1_", "doo_v1_"], expression: /do[opr]_v1_[a-f0-9]{32,128}/g },
  { service: "Databricks", begins: ["dapi"], expression: /(?<![A-Za-z0-9])dapi[a-f0-9]{32}(?:-\d)?/g },
  {
    service: "Sentry, Grafana, Linear, Vault, Tailscale",
    begins: [
      "sntrys_",
      "sntryu_",
      "glsa_",
      "glc_",
      "lin_api_",
      "hvs.",
      "hvb.",
      "tskey-",
      "pul-",
      "phc_",
      "phx_",
      "tfp_",
      "figd_",
      "shpat_",
      "ntn_",
    ],
    expression:
      /(?:sntry[su]_|gls?[ac]_|lin_api_|hv[sb]\.|tskey-|pul-|ph[cx]_|figd_|shpat_|ntn_)[A-Za-z0-9_+=/.-]{20,300}/g,
  },
  {
    service: "other model hosts",
    begins: [
      "fw_",
      "tgp_v1_",
      "csk-",
      "tvly-",
      "jina_",
      "lsv2_",
      "sk-lf-",
      "pk-lf-",
      "fo1_",
      "fm1",
      "fm2_",
      "sbp_",
      "nk-",
      "sk_",
    ],
    expression:
      /(?<![A-Za-z0-9])(?:fw_|tgp_v1_|csk-|tvly-|jina_|lsv2_(?:pt|sk)_|[sp]k-lf-|fo1_|fm1[ar]_|fm2_|sbp_|nk-|sk_(?=[a-f0-9]{40}))(?=[A-Za-z_+/=-]{0,40}\d)[A-Za-z0-9_+/=-]{20,400}/g,
  },
  {
    service: "other registries and tools",
    begins: [
      ...[
        "rubygems_",
        "clojars_",
        "pscale_",
        "pmak-",
        "pnu_",
        "pnb_",
        "rdme_",
        "sgp_",
        "dp.pt.",
        "hrku-aa",
        "ico-",
      ],
      ...[
        "shpca_",
        "shppa_",
        "shpss_",
        "sm_aat_",
        "sm_pat_",
        "sm_sat_",
        "akcp",
        "cmvmd",
        "ltai",
        "nrak-",
        "ops_eyj",
      ],
      ...["bedrock-api-key-", "absk", "sha256~", "sq0atp-", "tk-us-", "zxlk", "duffel_"],
    ],
    expression:
      /(?<![A-Za-z0-9])(?:(?:rubygems_|CLOJARS_|pscale_(?:tkn|oauth|pw)_|PMAK-|pn[ub]_|rdme_|sgp_|dp\.pt\.|HRKU-AA|ico-|shp(?:ca|pa|ss)_|sm_[aps]at_|bedrock-api-key-|sha256~|sq0atp-|tk-us-|duffel_(?:live|test)_|ops_eyJ|ZXlK)[A-Za-z0-9_+/=.~-]{16,1024}|AKCp[A-Za-z0-9]{60,80}|cmVmd[A-Za-z0-9]{50,70}|LTAI[A-Za-z0-9]{16,24}(?![A-Za-z0-9])|NRAK-[A-Z0-9]{20,40}|ABSK[A-Za-z0-9+/]{100,280}=*)/g,
  },
  // JSON encoded in base64: JSON Web Tokens, Neptune's tokens, Docker's authentication.
  {
    service: "JSON Web Token",
    begins: ["eyj"],
    expression:
      /(?:(?<![A-Za-z0-9+/])|(?<=%[0-9A-Fa-f]{2}|\\[nrt]))eyJ[A-Za-z0-9_+/=-]{20,8192}(?:\.[A-Za-z0-9_-]{0,8192}){0,4}/g,
  },
  // `-----BEGIN … PRIVATE KEY-----` encoded in base64, as in Kubernetes' secrets.
  {
    service: "private key in base64",
    begins: ["ls0tls1crudj"],
    expression: /LS0tLS1CRUdJ[A-Za-z0-9+/=]{40,16384}/g,
  },
  { service: "age", begins: ["age-secret-key-"], expression: /AGE-SECRET-KEY-1[A-Z0-9]{40,64}/g },
];

/** Signatures in storage URLs. Group 1 is the signature. */
const signatures: readonly RegExp[] = [
  /[?&;](?:sig|x-amz-signature|x-amz-security-token|x-goog-signature|x-amz-credential)=([A-Za-z0-9%/+=_.-]{16,4096})/gi,
  /(?:^|[?&;\s"'=])(?:sig)=([A-Za-z0-9%/+=_.-]{30,512})/gi,
  /\bSignature=([A-Za-z0-9%/+=_~-]{32,1024})/g,
  /\?code=([A-Za-z0-9_=-]{40,128})/g,
  /"kty"[^{}]{0,1000}?"d"\s?:\s?"([A-Za-z0-9_-]{16,1024})"/g,
  /(?:roboflow|ultralytics)\.com\/[^\s"'<>]{0,300}?[?&](?:key|api_key|token)=([A-Za-z0-9_-]{8,128})/gi,
  /[?&](?:__auth|auth|t|st|hash|hmac|jwt|ticket|nonce)=([A-Za-z0-9_.~-]{32,1024})/gi,
];

/** Masks keys that are recognized by what they look like. */
export const maskTokens: Rule = (text, spans) => {
  const lower = text.toLowerCase();
  for (const { begins, expression } of tokenShapes) {
    if (!begins.some((beginning) => lower.includes(beginning))) continue;
    for (const match of text.matchAll(expression)) {
      if (isPlaceholder(match[0]) || !hasVariety(match[0])) continue;
      spans.push({ start: match.index, end: match.index + match[0].length });
    }
  }
};

/** Masks signatures in URLs. */
export const maskSignatures: Rule = (text, spans) => {
  for (const expression of signatures) {
    for (const match of text.matchAll(expression)) {
      const value = match[1] ?? "";
      if (isPlaceholder(value) || !hasVariety(value)) continue;
      const end = match.index + match[0].length;
      spans.push({ start: end - value.length, end });
    }
  }
};

/** Returns false for a value such as `hf_xxxxxxxxxxxxxxxxxxxx`, which is not a real key. */
function hasVariety(value: string): boolean {
  return new Set(value.slice(-16)).size > 4;
}
