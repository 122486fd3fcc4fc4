import { type Labelled, type Told, texts } from "../support/labelled.ts";

/**
 * What villagers might write, invented, each with what it means: the set the rules are held against (≥ 97 %, none wrong
 * where it does harm). Written before the rules. One text per line; after "=>" stands the detail: the column opted out
 * of, the danger, who is accused, the rating, the option, the number asked for, or "nature category [urgent]" of a
 * suggestion ("-": none or any).
 */
const rating: Told = { questions: [{ kind: "rating" }] };
const agree: Told = { questions: [{ kind: "poll", options: ["同意", "不同意", "弃权"] }] };
const choose: Told = { questions: [{ kind: "poll", options: ["修路", "修广场", "装路灯"] }] };
const pollThenRating: Told = {
  questions: [{ kind: "poll", options: ["同意", "不同意"] }, { kind: "rating" }],
};
const ratingThenPoll: Told = {
  questions: [{ kind: "rating" }, { kind: "poll", options: ["王家", "李家", "赵家", "丁家", "刘家", "孙家"] }],
};

export const LABELLED: readonly Labelled[] = [
  ...texts(
    "opt_out",
    {},
    `退订
退订。
退　订
退訂
ＴＤ
td
Td!
T
ｔ。
N
QX
退订！！！
我要退订
俺要退订
请退订，谢谢
帮我退订
帮俺退订一下
麻烦退订
给我退订了吧
退订短信
退定
tuiding
tui ding
回复TD退订
TD退订
取消订阅
取消短信
不订了
拒收
拒收短信
STOP
stop.
别发了
别发了烦死了
别再给我发了
别再发短信了
不要再发了！
不要给我发短信了
以后别给我发了
以后不要再给我发信息了，谢谢
别给俺发信息了 太烦人
不想收了
不想再收到短信了
我不要收你们的短信
不用给我发了
请不要再打扰
停发
烦死了别发了
再也别给我发短信了
退\u200b订
\u202eTD\u202c
退订🙏
退订智慧语录 => 智慧语录
不要智慧语录 => 智慧语录
TD 经典老人言 => 经典老人言
别给我发经典老人言了 => 经典老人言
智慧语录退订 => 智慧语录
智慧语录别发了 => 智慧语录
不想收法律问答了 => 法律问答
取消政策学习 => 政策学习
退订全部
全部退订
所有短信都退订`,
  ),
  ...texts(
    "opt_in",
    {},
    `恢复
恢复接收
恢复。
订阅
重新订阅
我要恢复接收短信
继续发
继续给我发
接着给我发吧
start
给我恢复吧
还是给我发吧
恢復
取消退订
恢复智慧语录 => 智慧语录
订阅法律问答 => 法律问答
huifu`,
  ),
  ...texts(
    "help_query",
    {},
    `帮助
帮助。
幫助
help
？
?
怎么用
咋用
这个咋用啊
怎么用这个短信
这短信咋回
怎么退订
退订啥意思
退订是什么意思
咋退订
怎么取消短信
TD是啥意思
这个号是干啥的
这号码能干什么用
怎么提意见
咋反映问题
有事咋跟村里说
不会用
使用说明
bangzhu
怎么查进度
这是啥短信 咋用`,
  ),
  ...texts(
    "status_query",
    {},
    `查
查。
查询
查进度
进度
查 12 => 12
查12号 => 12
查一下12号 => 12
查编号12 => 12
查询第12件 => 12
１２号办得咋样了 => 12
12号办得咋样了 => 12
编号12到哪一步了 => 12
12号有结果没 => 12
十二号办好了没 => 12
俺那事咋样了
俺那个事咋样啦
我的事办得怎么样了
我反映的路灯有结果没
我反映的问题处理得怎么样了
上次说的事有信没有
上回提的水管的事到哪步了
我的意见到哪一步了
我那件事办到哪了
我的事有眉目了吗
jindu
cha
俺反应的事有人办没
前几天报的井盖有消息吗
问问我那件事的进展
查一下我的事
查查俺反映的事办了没`,
  ),
  ...texts(
    "contact_query",
    {},
    `谁是俺的联户干部
我的联户干部是谁
联系
联系人
联系方式
书记电话多少
刘书记的电话是多少
村主任电话号码
村委会电话多少
村里电话
俺们组网格员是谁
谁管俺这片
俺家归谁管
找谁
有事找谁
有急事该找谁啊
办证找谁
电话
给我书记的手机号
第一书记叫啥 电话多少
网格员电话发我一个
lianxi
怎么联系书记
村医电话多少
村委会在哪 几点上班 电话多少
计生专干是谁
谁负责俺们三组`,
  ),
  ...texts(
    "policy_query",
    {},
    `政策 高龄补贴
政策高龄补贴
政策：低保
政策
养老金咋领
低保啥条件
低保怎么申请
种粮补贴多少钱一亩
粮食直补今年一亩给多少
危房改造能补多少
危房改造需要啥手续
80岁老人有啥补贴
高龄津贴每月多少钱
残疾证咋办
医保报销比例是多少
新农合住院能报多少
合作医疗今年交多少钱
大病救助怎么申请
独生子女有什么补助
农机补贴啥标准
退耕还林补助几年
孤儿有啥政策
贫困生助学金怎么领
厕改补贴多少
养老保险咋交
退伍军人有啥优待
五保户需要什么条件
请问办低保要什么材料
俺想问问生二胎有啥补贴
宅基地申请要啥条件
宅基地咋批
土地流转有补贴没
农业保险保费多少钱一亩
zhengce dibao
种粮补貼多少錢一畝
光伏补贴政策
医保啥时候交
我爹八十了能领啥钱`,
  ),
  ...texts(
    "courtesy",
    {},
    `收到
收到。
收到了
收到啦
收到了 谢谢书记
已收到，谢谢
好的
好的👌
好滴
好嘞
好哒
好
嗯
嗯嗯
恩
哦
哦哦
噢知道了
知道了
俺知道了
俺晓得了
晓得了
明白
明白了谢谢
了解
谢谢
谢谢！
谢谢刘书记
谢谢村委会
谢谢你们了
多谢多谢
感谢
非常感谢村委
辛苦了
书记辛苦了
你们辛苦啦
1
１
①
111
666
ok
OK
Ok👌
okok
👍
👍👍👍
🙏
👌
shoudao
shou dao le
shou dao
haode
xie xie
xiexie shuji
zhidaole
行
中
中中中
成
可以
可以的
没问题
没事
好的，谢谢
好 谢谢
好的收到
好好好
新年快乐
书记新年好
祝书记新年快乐
中秋快乐
过年好
给大家拜年了
早上好
你好
您好
在吗
不客气
已阅
已读
看到了
看见了
記住了
謝謝
好的我知道了
行行行知道了
俺记下了
收到，按时参加
收到 一定到
好的 我去
是
对
对的
再见
同意
满意
满意谢谢
呵呵
哈哈
嗯呢
好的逗号谢谢`,
  ),
  ...texts(
    "auto_reply",
    {},
    `您好，我正在开会，稍后回复
您好，我现在正在开车，稍后联系您。[自动回复]
[自动回复]
【自动回复】我现在不方便接听电话
自动回复：我现在有事不在
我正在开车，稍后回电
对不起，我现在不方便接电话，稍后给您回复。
正在开会 一会联系你
在开车，晚点回
您好，您的短信已收到，我们会尽快回复您
尊敬的客户，您的话费余额不足10元，请及时充值
【中国移动】您的套餐流量已用完
尊敬的用户您好，您本月流量剩余2GB
您的验证码是382911，5分钟内有效
本机主已启用短信秘书，稍后回复
我正在休假，有事请联系同事
您发送的指令有误，请重新输入
系统消息：短信发送失败
我在上课，稍后回你
This is an auto-reply, I am driving`,
  ),
  ...texts(
    "auto_reply",
    { sender: "machine" },
    `您的余额不足
收到
尊敬的客户您好
暴雨红色预警，山洪灾害风险高
退订回T
您好，机主忙`,
  ),
  ...texts(
    "wrong_number",
    {},
    `发错了
发错人了
你发错了吧
打错了
打错了不好意思
你是谁
你谁啊
你是谁啊发错人了吧
您是哪位
哪位
谁啊
我不是王桂英
我不是王桂英，你们发错了
我不是郭家村的
俺不是你们村的
我不认识你
不认识
这不是张大爷的号
这个号不是老李的了
这号换人了
这手机号我刚办的，不是本人
不是本人
你找谁
你找错人了
号码错了
认错人了吧
我不叫丁大海
fa cuo le
你們是誰
我都不是这村的人咋给我发短信`,
  ),
  ...texts(
    "noise",
    {},
    `。
。。。
……
？？
？？？
!!!
，，，
asdfg
asdfghjkl
😂
😂😂😭
[图片]
[语音]
【图片】
[表情]
aaaaaa
啊啊啊啊啊
0
5
000
12345
jjjj
￥%#@
\u200b\u200b
ㅋㅋㅋ
测试
test
qwerty
7
哔哔`,
  ),
  ...texts(
    "emergency",
    {},
    `着火了 => fire
着火了快来 => fire
著火了快來人 => fire
俺家着火了 => fire
村东头柴火垛着火了快来人救火 => fire
失火了失火了 => fire
起火了 老李家 => fire
zhao huo le => fire
zhaohuole kuailai => fire
后山起山火了 风大得很 => fire
煤气漏了一屋子味咋办 => fire
煤气罐爆炸了 => fire
东头配电箱冒烟起火花了 => fire
二组麦秸着起来了快来 => fire
俺爹晕倒了 => medical
俺爹昏过去了叫不醒 => medical
俺娘喘不上气了 => medical
孩子触电了 => medical
有人掉井里了 => medical
有人掉河里了快救人 => medical
孩子溺水了 => medical
大爷摔沟里动不了了 => medical
村口出车祸了有人受伤 => medical
拖拉机翻了压着人了 => disaster
俺媳妇要生了路上雪大车走不了 => medical
煤气中毒了俩人都不醒 => medical
俺家老头心口疼得厉害满头大汗 => medical
老张喝农药了快来人 => medical
被蛇咬了腿肿了咋弄 => medical
流了好多血止不住 => medical
救命 => crime
救命啊快来人 => crime
打起来了 动刀了 => crime
有人打架快来 => crime
俺家进贼了人还在屋里 => crime
有人抢劫 => crime
有人拿刀砍人 => crime
孩子不见了找了半天没找到 => crime
俺娘走丢了 痴呆的 => crime
我被他打了快报警 => crime
男人又打我 救救我 => crime
有人要拐孩子 => crime
不想活了 => crisis
我不想活了 => crisis
活着没意思真想死了算了 => crisis
活不下去了 => crisis
俺想喝农药死了算了 => crisis
俺侄子站房顶要跳楼 => crisis
有人要跳河 => crisis
死了算了没人管俺 => crisis
不想活啦 没指望了 => crisis
bu xiang huo le => crisis
低保没批下来 俺不活了 => crisis
发大水了 => disaster
河堤要决口了 => disaster
水进屋了半米深 人出不来 => disaster
山体滑坡把路埋了有人压底下 => disaster
房子塌了压着人 => disaster
泥石流下来了 => disaster
地震了房子裂了 => disaster
高压线掉地上冒火花 => disaster
电线断了掉水里了有电 => disaster
水库要垮了快通知人跑 => disaster
孩子掉化粪池里了 => medical
要死人了快来 => medical
出人命了 => crime`,
  ),
  ...texts(
    "sealed",
    {},
    `密：村会计收钱
密:村里修路的账不对
密 村主任把修路款装自己兜里了
密件 我要反映书记
【密】书记儿子包了村里的鱼塘
[密]低保名额有问题
密。路灯坏了我不敢说是谁砸的
密村主任吃回扣
密，我反映三组组长
密信：会计
村主任把修路款装自己兜里了 => 村主任
书记贪污扶贫款 => 书记
刘建国收了老李家两万块才给批的宅基地 => 刘建国
丁大勇打人 => 丁大勇
会计王秀英做假账 => 会计 王秀英
主任优亲厚友 低保都给他亲戚了 => 主任
村支书吃拿卡要 办个证还得送烟 => 村支书
支书把村里的树偷偷卖了 => 支书
村干部挪用集体资金 => 村干部
村幹部貪污 => 村干部
低保名额都让干部亲戚占了 => 干部
我要举报村主任 => 村主任
举报书记公款吃喝 => 书记
队长克扣我们的征地补偿款 => 队长
书记的小舅子承包了全村的工程 是不是有猫腻 => 书记
主任威胁我不让我告 => 主任
妇女主任收钱办准生证 => 妇女主任
村长霸占集体的地盖房 => 村长
会计虚报人头套取补贴 => 会计
选举时候主任给人发钱拉票 => 主任
村里领导把征地款私分了 => 村里领导
村委会把征地款贪了 => 村委会
刘建国他家三层楼还吃低保 => 刘建国
他当书记的还不是靠送礼 => 书记
驻村干部收了人家两条烟 => 驻村干部
书记骂人还动手打俺 => 书记
村之书贪污 => 村支书
cun zhu ren tan wu => 村主任
他们村委都是一伙的，钱都进了个人腰包 => 村委
书记以权谋私
请保密，我要反映村会计的问题 => 村会计
别让村里知道是我说的，主任家占了两亩集体地 => 主任
网格员收了我家一百块钱没给开票 => 网格员
主任办低保收好处费 => 主任`,
  ),
  ...texts(
    "rating",
    rating,
    `1 => 1
１ => 1
一 => 1
① => 1
1。 => 1
❶ => 1
壹 => 1
1满意 => 1
1、满意 => 1
选1 => 1
我选1 => 1
满意 => 1
满意！谢谢书记 => 1
挺满意的谢谢 => 1
很满意 => 1
非常满意 => 1
满意满意 => 1
没有不满意 => 1
没啥不满意的 => 1
解决了 谢谢 => 1
修好了，谢谢 => 1
好了好了水来了 => 1
已经解决了，感谢村委会 => 1
很好 => 1
办得不错 => 1
manyi => 1
路灯亮了 谢谢书记 => 1
2 => 2
２ => 2
二 => 2
② => 2
2基本满意 => 2
基本满意 => 2
还行吧 => 2
还可以 => 2
一般般 => 2
凑合 => 2
比较满意 => 2
马马虎虎 => 2
3 => 3
三 => 3
③ => 3
不满意 => 3
不太满意 => 3
不是很满意 => 3
不咋满意 => 3
不怎么满意 => 3
谈不上满意 => 3
一点都不满意 => 3
不滿意 => 3
bumanyi => 3
太差了 => 3
不中 => 3
3不满意 => 3
4 => 4
四 => 4
④ => 4
４。 => 4
4没解决 => 4
没解决 => 4
没有解决 => 4
根本没解决 => 4
还没解决呢 => 4
还是没水 => 4
还是老样子 => 4
没人管 => 4
还是不亮 => 4
压根没人来 => 4
又坏了 => 4
没修好 => 4
mei jie jue => 4
啥也没弄 => 4
问题一点没解决 => 4
满意个屁，根本没人来修 => 4
好的，可是路灯还是坏的 => 4
解决啥了解决 还漏 => 4`,
  ),
  ...texts("rating", pollThenRating, "3 => 3\n4 => 4\n没解决 => 4\n挺满意的 => 1"),
  ...texts("poll", pollThenRating, "1 => 1\n2 => 2\n同意 => 1\n俺不同意 => 2"),
  ...texts("poll", ratingThenPoll, "5 => 5\n6 => 6\n丁家 => 4"),
  ...texts("rating", ratingThenPoll, "1 => 1\n4 => 4"),
  ...texts(
    "poll",
    agree,
    `1 => 1
2 => 2
３ => 3
同意 => 1
我同意 => 1
俺家同意 => 1
同意！ => 1
赞成 => 1
支持 => 1
没意见 => 1
不同意 => 2
俺家不同意 => 2
坚决不同意 => 2
反对 => 2
不赞成 => 2
弃权 => 3
棄權 => 3
我弃权吧 => 3
tongyi => 1
bu tong yi => 2
同意修广场，早该修了 => 1
不同意，钱花得太多了 => 2`,
  ),
  ...texts(
    "poll",
    choose,
    `1 => 1
2 => 2
③ => 3
第二个 => 2
选三 => 3
选2吧 => 2
2号 => 2
修路 => 1
先修路吧 => 1
俺选修广场 => 2
路灯 => 3
装路灯好 => 3
别修广场，先修路 => 1
修路修路 => 1
xiu lu => 1`,
  ),
  ...texts("courtesy", rating, "收到\n谢谢\n好的\n嗯"),
  ...texts(
    "suggestion",
    rating,
    "俺村东头路灯坏了三天了没人来修，二组的水管也漏了 => - livelihood\n谢谢，另外水也停了 => - livelihood\n5点开车去镇上不 => - -",
  ),
  ...texts("opt_out", rating, "退订\nTD"),
  ...texts("help_query", rating, "退订啥意思"),
  ...texts("emergency", rating, "着火了 => fire"),
  ...texts("sealed", rating, "密：主任收钱了"),
  ...texts("suggestion", agree, "钱从哪来，每户摊多少 => consult -"),
  ...texts(
    "suggestion",
    {},
    `村东头路灯坏了好几天了晚上老人不敢出门 => help livelihood
路灯坏了 => - livelihood
好的，可是路灯还是坏的 => - livelihood
谢谢，另外水也停了 => - livelihood
谢谢书记 不过俺家门口还是没修 => - livelihood
1.路灯坏了 2.水停了 => - livelihood
路灯坏了 还有垃圾没人收 还有二组水费多收了 => - livelihood
lu deng huai le => - livelihood
俺村井水有味喝了拉肚子孩子也拉 => - livelihood urgent
我們這裏道路被水沖壞了 => - livelihood
我们中老年人闲暇时间很多但是村里缺少活动场所能不能修个小广场 => suggestion livelihood
建议村里装几个健身器材 => suggestion livelihood
能不能在村口加个减速带 => suggestion livelihood
希望把垃圾池挪远点 => suggestion livelihood
垃圾堆了半个月没人清臭死了 => complaint livelihood
停水三天了也没人说一声 => complaint livelihood
又停电了饭都做不熟 => - livelihood
厕所臭得没法进 => complaint livelihood
村医老不在岗 买个药跑空三趟 => complaint livelihood
校车总晚点孩子站风里等 => complaint livelihood
自来水黄的能修修吗 => help livelihood
下水道堵了水漫到路上 => - livelihood
井盖没了孩子差点掉下去 => - livelihood urgent
俺家门口大坑拖拉机都过不去 求村里给垫垫 => help livelihood
电线耷拉到房顶上了怪吓人 => - livelihood urgent
低保凭啥他家有俺家没有 => complaint poverty
低保为啥没我家 => complaint poverty
我娘八十五了高龄补贴咋还没发 => complaint poverty
俺家房子漏雨没钱修 求帮帮忙 => help poverty
孩子考上大学学费凑不齐 能帮帮不 => help poverty
五保户老孙头没人照顾挺可怜的 => help poverty
残疾补贴停了三个月了 => - poverty
俺是建档户今年咋没俺家的名 => complaint poverty
老伴得了癌症花了十几万了实在撑不住了 => help poverty
危房改造啥时候轮到俺家 => consult poverty
他家有车有房还吃低保，太不公平 => complaint poverty
邻居盖房占了俺家地界 => complaint conflict
老李家的狗天天叫还咬人管管吧 => complaint conflict
隔壁把水排到俺院里说了不听 => complaint conflict
分家的事兄弟俩吵了半年 请村里给评评理 => help conflict
彩礼退不回来咋办 => - conflict
宅基地边界有争议 麻烦来量量 => help conflict
他家树荫着俺家地不让砍 => - conflict
工头欠俺们工资不给 => help conflict
赌博的天天在小卖部 影响不好 => - conflict
南邻垒墙堵了俺家出路 => complaint conflict
征地补偿款咋还没给 => complaint conflict
机井坏了麦子浇不上 => - production
俺想种大棚 有没有技术员教教 => help production
玉米招虫了打啥药 => consult production
猪病死了好几头 咋办 => help production
今年麦种啥时候发 => consult production
浇地排号排到啥时候了 => consult production
收割机啥时候来俺村 => consult production
蒜卖不出去 愁死了 => help production
化肥太贵了村里能不能统一买 => suggestion production
果树冻了保险给赔不 => consult production
灌溉渠淤了两年没清 => complaint production
俺养的羊丢了两只 => - -
合作社分红咋算的 => consult economy
能不能引个厂子来让妇女有活干 => suggestion economy
建议搞个农家乐发展旅游 => suggestion economy
村里的鱼塘承包费该涨涨了 => suggestion economy
光伏发电的钱啥时候分 => consult economy
想在村里开个加工厂 地从哪来 => consult economy
集体果园荒着多可惜 建议承包出去 => suggestion economy
村里搞电商俺也想参加 => - economy
上个月那个招待费1200是干啥的 => consult organisation
村务公开栏好久没更新了 => complaint organisation
财务公开看不懂 能说细点吗 => - organisation
开村民代表会咋不通知俺 => complaint organisation
建议多开几次村民大会 => suggestion organisation
村委会大门老锁着办事找不到人 => complaint organisation
选举啥时候选 => consult organisation
入党要写申请书交给谁 => consult organisation
党员学习能不能改晚上 => suggestion organisation
书记从来不接电话 => complaint organisation
书记讲话声音太小听不清 => - organisation
查一下3号井谁修的 => consult -
查查村里的账 => - organisation
查王村的路啥时候修 => consult livelihood
同意村老王托我问问种子的事 => - production
退沙村那边的桥塌了个角 => - livelihood
三合村的水比俺村的好 => - livelihood
一心村的路灯亮了咱村咋没有 => complaint livelihood
查王村 => - -
同意村 => - -
退沙村 => - -
三合村 => - -
满堂村 => - -
好庄 => - -
行乐村的老刘 => - -
密植的玉米长不好咋办 => consult production
密码忘了 => - -
密 集 种 的 树 挡 光 => - -
密云水库的水啥时候能到 => consult livelihood
密封圈坏了水管漏 => - livelihood
退休金咋少了 => - poverty
退耕还林的钱没到账 => - production
退 我家多交的电费 => - livelihood
停水通知能不能提前发 => suggestion livelihood
取消农合的事是真的吗 => consult -
不要在俺家门口倒垃圾 => complaint livelihood
别在村口烧麦秸了 呛人 => complaint livelihood
5点开车 => - -
5点开会吗 => consult -
2号晚上放电影不 => consult -
12月交水费还是1月 => consult livelihood
1组没水 => - livelihood
三组没收到通知 => complaint -
4组的电表坏了 => - livelihood
去年着火的那家补助发了吗 => consult poverty
气死我了 垃圾车又没来 => complaint livelihood
热死了路上连棵树都没有 => - livelihood
累死个人 跑了五趟没盖上章 => complaint organisation
这路再不修早晚要出人命 => complaint livelihood urgent
柴火垛堆路边容易着火 => - livelihood
上次打架的事调解了没 => consult conflict
请防火 山上有人上坟烧纸 => - -
以前那次发大水冲的桥还没修 => complaint livelihood
小心触电的牌子掉了 => - livelihood
没着火 就是烧麦秸冒烟 => - -
村里组织的防溺水培训很好 => thanks -
煤气灶坏了谁会修 => consult livelihood
孩子想死他爸了 啥时候放假 => - -
谢谢村里给修了路，老百姓高兴 => thanks livelihood
感谢刘书记帮俺家修好了水管 => thanks livelihood
给丁大勇点个赞，大雪天给俺送药 => thanks -
表扬一下保洁员，天天扫得真干净 => thanks livelihood
多亏了村医救了俺娘一命 太感谢了 => thanks livelihood
书记人不错就是路还没修 => complaint livelihood
主任办事公道 没贪过一分钱 俺服气 => thanks organisation
书记，俺家井盖叫人偷了 => - livelihood
主任你好 俺家水管漏了 => - livelihood
会计在不在 俺去交医保 => consult -
书记啥时候在村委会 俺找你签字 => consult organisation
凭啥不给俺家通水 => complaint livelihood
你们到底管不管 => complaint -
光说不干有啥用 => complaint -
你们发这些有啥用 路还是烂的 => complaint livelihood
这条短信是不是骗子 => consult -
说是医保局的让点链接 是真的吗 => consult -
【医保】您的账户异常请点链接 书记这是骗人的吧 => consult -
我的医保卡丢了 => help -
村里啥时候收医保 俺在外地打工 => consult -
有人在河里倒垃圾 举报 => report livelihood
举报 有人偷排污水到河里 => report livelihood
举报养猪场往沟里排粪 => report livelihood
有外地人在村里卖假药 => report -
我要反映问题 => - -
刚才那个事 补充一下 是三组 => - -
是三组不是二组 => - -
俺家门口 => - -
水管漏了 => - livelihood
书记 => - -
没解决 => complaint -
还是没水 => complaint livelihood
不满意 => complaint -
不同意 => - -
都半个月了咋还没人管 => complaint -
我反映的路灯咋还没修 => complaint livelihood
俺不识字 这是孙子打的 水龙头冻裂了 => help livelihood
书记你好逗号俺家没水了句号 => - livelihood
村东头大槐树那的路被大车压坏了 => - livelihood
地保名额是咋评的 => - poverty
说好的水官啥时候通 => consult livelihood
村之书啥时候来俺组看看 => consult organisation
xia shui dao du le => - livelihood
luo dian le => - -
wo jia mei shui => - livelihood
图书室能不能周末开门 => suggestion livelihood
村里Wi-Fi坏了 => - livelihood
T恤啥时候发 => consult -
R型泵坏了 => - -
N多人都没领到米 => - -
OK镇那边招工吗 => consult economy
嗯 不过垃圾还没清 => complaint livelihood
收到，但是俺那天去不了 => - -
好的，那垃圾啥时候清 => consult livelihood
知道了知道了 光通知不干活 => complaint -
可以吧？ => - -
为啥老停电 => complaint livelihood
能给俺娘办个老年卡吗 => help -
学校食堂的饭孩子说吃不饱 => - livelihood
广场舞音响太吵睡不着 => complaint livelihood
麦子都倒伏了 保险公司电话打不通 => - production
俺在外打工 老人一个人在家麻烦多看看 => help -
河里漂死猪 臭 => - livelihood
变压器嗡嗡响怕炸 => - livelihood urgent
俺家墙裂了大缝 怕塌 => - - urgent
水里有农药味 全村都喝这个水 => - livelihood urgent
二组老人三天没见出门了 去看看吧 => help - urgent
树倒了砸着电线杆 路堵了 => - livelihood urgent`,
  ),
];
