import type { Rule } from "./spans.ts";
import { isPlaceholder } from "./values.ts";

/** Commands that take a password as an argument. The group that matches is the password. Every repetition is bounded and none is nested, so that matching takes linear time. */
const patterns: readonly RegExp[] = [
  /\bsshpass\s+-p\s*(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"]{1,256}))/g,
  /\bsshpass',\s*'-p',\s*'([^']{1,256})'/g,
  /\bsshpass",\s*"-p",\s*"([^"]{1,256})"/g,
  /\b(?:mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|twine)\b[^\n]{0,300}?\s-p\s*(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"-][^\s'"]{0,255}))/g,
  /\b(?:7z|7za|7zz|zip|unzip|unrar|rar)\b[^\n]{0,200}?\s-(?:p|P\s*)(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"-][^\s'"]{0,255}))/g,
  /\bssh-keygen\b[^\n]{0,200}?\s-[NP]\s*(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"-][^\s'"]{0,255}))/g,
  /\bhtpasswd\s+-\w*b\w*\s+\S{1,200}\s+\S{1,100}\s+(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"]{1,256}))/g,
  /\bnet\s+use\b[^\n]{0,200}?\/user:\S{1,100}\s+(?:"([^"]{1,256})"|([^\s"/][^\s"]{0,255}))/gi,
  /\b(?:smbclient|rpcclient|mount\.cifs)\b[^\n]{0,200}?\s-U\s*['"]?[\w.\\@-]{1,100}%([^\s'"]{1,256})/g,
  /\bldap(?:search|modify|add|delete|whoami|passwd)\b[^\n]{0,300}?\s-w\s*(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"-][^\s'"]{0,255}))/g,
  /\brootpw\s+(?:--\w+\s+)?([^\s-]\S{5,255})/g,
  /\bhttps?\s+(?:-\w+\s+)?-a\s+[^\s:]{1,100}:([^\s'"]{1,256})/g,
  /\bIDENTIFIED\s+(?:WITH\s+\w{1,40}\s+)?BY\s+(?:PASSWORD\s+)?(?:'([^']{1,256})'|"([^"]{1,256})")/gi,
  /\bSET\s+PASSWORD\b[^\n=]{0,80}=\s*(?:PASSWORD\()?'([^']{1,256})'/gi,
  /\b(?:requirepass|masterauth)\s+["']?([^\s"']{4,256})/g,
  /\b(?:auth|BasicAuth|HTTPBasicAuth|HTTPDigestAuth|login)\s{0,2}=?\s{0,2}\(\s{0,4}(?:\w{1,20}\s?=\s?)?["'][^"'\n]{1,64}["'],\s{0,4}(?:\w{1,20}\s?=\s?)?(?:'([^'\n]{1,256})'|"([^"\n]{1,256})")/g,
  /\b(?:usermod|useradd|mkpasswd)\b[^\n]{0,200}?\s(?:-p|--password)\s+(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"-][^\s'"]{0,255}))/g,
  /\blftp\b[^\n]{0,200}?\s-u\s*["']?[\w.@-]{1,100},([^\s'"]{1,256})/g,
  /\b(?:xfreerdp|wlfreerdp|mstsc)\b[^\n]{0,200}?\s\/p:(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"]{1,256}))/g,
  /:thin:[\w.-]{1,64}\/([^\s@"']{1,256})@/g,
  /\blogin\(\s*(?:\w+\s*=\s*)?['"]([A-Za-z0-9_-]{16,256})['"]/g,
  /\b(?:docker|podman|nerdctl|buildah|skopeo|helm registry|oras|az acr|az|oc|cf)\s+login\b[^\n]{0,200}?\s-p\s*(?:'([^']{1,512})'|"([^"]{1,512})"|([^\s'"]{1,512}))/g,
  /\bcurl\b[^\n]{0,400}?\s(?:-u|--user|--proxy-user)[\s=]*(?:'[^':]{1,128}:([^']{1,256})'|"[^":]{1,128}:([^"]{1,256})"|[^\s'":]{1,128}:([^\s'"]{1,256}))/g,
  /(?:^|\s)--(?:auth|user|credentials|proxy-user)[\s=]+(?:'[^':]{1,128}:([^']{1,256})'|"[^":]{1,128}:([^"]{1,256})"|[\w.@+-]{1,128}:([^\s'":/]{6,256}))/g,
  /\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,200}?\s-p(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"-][^\s'"]{0,255}))/g,
  /\bredis-cli\b[^\n]{0,200}?\s(?:-a|--pass)\s+(?:'([^']{1,256})'|"([^"]{1,256})"|([^\s'"]{1,256}))/g,
  /\b(?:pass|file:pass):([^\s'"]{4,256})(?=\s|$|['"])/g,
  /\becho\s+(?:-n\s+)?['"]?[\w.-]{1,64}:([^\s'"|]{1,256})['"]?\s*\|\s*(?:sudo\s+)?chpasswd/g,
  /\becho\s+(?:-n\s+)?['"]?([^\s'"|]{1,256})['"]?\s*\|\s*(?:sudo\s+-S|passwd\b|docker\s+login|podman\s+login|gpg\b)/g,
  /\bprintf\s+['"]?(?:%s(?:\\n)?['"]?\s+['"]?)?([^\s'"|]{6,256})['"]?\s*\|\s*(?:sudo\s+-S|chpasswd|docker\s+login)/g,
  /ConvertTo-SecureString\s+(?:-String\s+)?['"]([^'"]{1,256})['"]/gi,
  /\bsend\s+(?:--\s+)?"([^"\\]{4,256})\\r"/g,
  /\b(?:wandb|hf|huggingface-cli|comet|neptune|clearml|yolo|ultralytics|roboflow|dagshub)\s+(?:auth\s+|hub\s+)?login\s+(?:--[\w-]+\s+){0,3}([A-Za-z0-9_-]{16,128})/g,
];

/** Masks passwords in the arguments of programs, whatever they look like. */
export const maskCommands: Rule = (text, spans) => {
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const value = match.slice(1).find((group) => group !== undefined) ?? "";
      if (value === "" || isPlaceholder(value)) continue;
      const start = match.index + match[0].lastIndexOf(value);
      spans.push({ start, end: start + value.length });
    }
  }
};
