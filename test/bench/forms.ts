/** What every sender of the bench sends. */
export const ACCOUNT = { sid: `AC${"0".repeat(32)}`, token: "bench", from: "+8610690000" };
export const PHONE = "+8613800000001";
export const SIGNATURE = "郭家村村委会";
export const BODY = "周五晚七点在文化大院放电影，请互相转告。";
/** Nobody listens there: the carriers of the bench bring no reports. */
export const REPORTS_TO = "http://127.0.0.1:1";
