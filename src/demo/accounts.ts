import type { Role } from "../lib/roles.ts";

export type Login = "admin" | "dudao" | "shuji" | "cunwu" | "jianhui" | "ganbu1" | "ganbu2" | "ganbu3";

/** The demo's people with an account, in the order in which their passwords are shown. Nobody of them is real. */
export type Account = { login: Login; name: string; role: Role; post: string; phone: string };

export const ACCOUNTS: readonly Account[] = [
  { login: "admin", name: "陈立新", role: "platform", post: "平台管理员", phone: "+8619900000001" },
  { login: "dudao", name: "周文静", role: "township", post: "督导员", phone: "+8619900000002" },
  { login: "shuji", name: "刘建国", role: "secretary", post: "书记", phone: "+8619900000003" },
  { login: "cunwu", name: "赵晓梅", role: "clerk", post: "村务员", phone: "+8619900000004" },
  { login: "jianhui", name: "郭长顺", role: "overseer", post: "村监会主任", phone: "+8619900000005" },
  { login: "ganbu1", name: "郭志勇", role: "cadre", post: "联户干部", phone: "+8619900000006" },
  { login: "ganbu2", name: "王春霞", role: "cadre", post: "联户干部", phone: "+8619900000007" },
  { login: "ganbu3", name: "孙永亮", role: "cadre", post: "联户干部", phone: "+8619900000008" },
];

/** Each grid has one cadre. */
export const GRIDS: readonly { name: string; cadre: Login }[] = [
  { name: "1号网格", cadre: "ganbu1" },
  { name: "2号网格", cadre: "ganbu2" },
  { name: "3号网格", cadre: "ganbu3" },
];

export function accountOf(login: Login): Account {
  const account = ACCOUNTS.find((one) => one.login === login);
  if (!account) throw new Error(`no account ${login}`);
  return account;
}
