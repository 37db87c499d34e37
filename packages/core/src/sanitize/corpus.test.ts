import { describe, expect, test } from "vitest";
import { createOutputSanitizer } from "./output-sanitizer.ts";

const { maskText } = createOutputSanitizer(undefined, [/cw_(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{16,512}/]);

/** `«…»` encloses what must be masked. The marks themselves are not part of the text. */
const secretsInContext: readonly string[] = [
  "DB_HOST=10.0.0.7 DB_PASSWORD=«pepper-saffron-marble» DB_NAME=runs",
  '{"event":"{\\"password\\":\\"«y50B7P6nLsb»\\"}"}',
  '{"password":"«AJKil\\"8Krk3\\\\QCI3»","port":22}',
  "client.connect(host='10.0.0.4', username='ubuntu', password='«qm1xHgKk7gwx»', timeout=10)",
  "dial {Host:10.0.0.4 User:ubuntu Password:«CUrCRAUaFnYVK» Port:22}: i/o timeout",
  "GET /login?user=ana&password=«lc4uB7EnCl5h»&next=%2Fruns HTTP/1.1",
  "redirect=%2Flogin%3Fuser%3Dana%26password%3D«gOdad9lsRS5d»%26x%3D1",
  "\u001b[36mpassword\u001b[0m=\u001b[33m«P4iEAkuf17V8DO»\u001b[0m",
  "[sudo] password for ubuntu: «P4ssph7ase_863»",
  "['ship.py', '--host', '10.0.0.4', '--password', '«IBOUx9sxCZW4AF»']",
  "sshpass -p '«Lu1n4!ZSr#v6X»' ssh ubuntu@10.0.0.4",
  "docker login -u ana -p «O7ceb3StoDYDEY» registry.example.com",
  "machine example.com login ana password «hunter2hunter»",
  "pip install git+https://oauth2:«glpat-RkehiBVoltanLs1RzxHo»@gitlab.example.com/a.git",
  "DATABASE_URL=postgres://train:«5ekW5W4ason8»@db:5432/mlflow",
  "Authorization: Bearer «/VxKc1qEvgugMoawizCfRtAXxpZr8boy6i7usSmC58YVA»",
  "map[Accept:[*/*] Authorization:[Bearer «vQisboyjDvF2hI3TUdgZSkSg3wGm»]]",
  "CANOPYWAVE_API_KEY%3D«cw_kgvOGmqsdjKgRQdmER7IydICx»",
  "_cw_key _«cw_ZHq7jrPgjTiZNzOJfsWn4u7h»",
  "docker run -e HF_TOKEN=«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» image",
  "wandb login «7637530101058f31a1290dcd94f7dd237867d3e1»",
  "https://b.blob.core.windows.net/d/p.zip?sr=c&sig=«K%2Bx%2F0q%2Bj1HRwQ1ZRIH%2F4%2BT22ieaaL3Foh%3D»",
  '"client_secret":"«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»"',
  "Cookie: sid=«s3AhSIRaGxb2yLLmewUAVljJ2fUPfAcw2Q»; theme=dark",
];

const innocent: readonly string[] = [
  "      1/100      2.41G      1.378      1.282      1.294         16        640: 100%|██████████| 313/313",
  "bash: /etc/passwd: Permission denied",
  "max_new_tokens=256 num_tokens=131072.0 tokens/s=48213.7 tokenizer=bert-base-uncased",
  '{"eos_token": "</s>", "pad_token_id": 128001, "added_tokens": 3}',
  "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "run 550e8400-e29b-41d4-a716-446655440000 attempt 1",
  "password=$PASSWORD token=<token> api_key=YOUR_API_KEY secret=****",
  "Enter password: must be twelve characters long",
  "authorization_code grant is not enabled; the bearer of this ticket",
  "cache key: linux-x64-node20-5f1c2d0e9a773b21",
  "--password-stdin [--password-file FILE]",
  "debug1: Authentications that can continue: publickey,password",
  "pass: 12 fail: 0 skip: 1; compass bearing 271",
  "https://ana@git.example.com/pallets.git ssh://ubuntu@gpu-box:2222 see http://example.com/a:b@ there",
  "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqqHuR3hp\n-----END PUBLIC KEY-----",
];

describe("secrets that nobody registered", () => {
  test.each(secretsInContext)("%s", (marked) => {
    const text = marked.replaceAll(/[«»]/g, "");
    const masked = maskText(text);
    for (const [, secret = ""] of marked.matchAll(/«([^»]*)»/g))
      for (let at = 0; at + 5 <= secret.length; at += 1)
        expect(masked).not.toContain(secret.slice(at, at + 5));
    expect(masked).toContain("[redacted]");
    expect(maskText(masked)).toBe(masked);
  });

  test.each(innocent)("are not found in: %s", (text) => {
    expect(maskText(text)).toBe(text);
  });
});
