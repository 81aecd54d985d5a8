"""Chinese, Japanese and Korean."""

from __future__ import annotations

from crm_logger.core.locales.entry import locale

EAST_ASIAN = (
    locale(
        "ja",
        sender="差出人 | 送信者 | 送信元",
        to="宛先 | 宛て先 | 受信者 | 送信先",
        cc="CC | Cc | 写し",
        bcc="BCC | Bcc",
        reply_to="返信先 | 返信先アドレス",
        subject="件名 | 題名",
        date="日付 | 送信日時 | 日時 | 送信日 | 送信済み | 受信日時",
        forward_prefixes="転送 | FW | Fwd | Fw",
        reply_prefixes="RE | Re | 返信",
        markers="転送メッセージ | 転送されたメッセージ | 元のメッセージ | 元のメール | Forwarded message | Original Message | "
        "転送されたメール | 転送メール | 以下、転送されたメッセージ | 以下は転送されたメッセージです | Forwarded Message | "
        "オリジナルメッセージ | 以下転送 | 転送元メッセージ",
        end_markers="転送メッセージの終わり | 転送メッセージここまで",
        attributions=(
            "{date} {name} <{address}>:",
            "{date}、{name} <{address}>のメール:",
            "{date}、{name} <{address}> のメール：",
            "{date}に、{name} <{address}>が書きました:",
            "{date}、{name} <{address}> wrote:",
            "{name} <{address}> さんは {date} に書きました:",
            "{name} さんは書きました:",
            "{date} {name} <{address}> wrote:",
            "On {date}, {name} <{address}> wrote:",
        ),
        order="ymd",
    ),
    locale(
        "zh-Hans",
        sender="发件人 | 寄件人 | 发送者 | 发信人 | 发自",
        to="收件人 | 收信人 | 至",
        cc="抄送 | 抄送人 | 副本",
        bcc="密送 | 密件抄送 | 暗送",
        reply_to="回复至 | 回复 | 回复到 | 答复 | 回复地址",
        subject="主题 | 标题 | 题目",
        date="日期 | 发送时间 | 时间 | 发送日期 | 发件时间 | 已发送 | 发送",
        forward_prefixes="转发 | FW | Fwd | Fw",
        reply_prefixes="答复 | 回复 | Re | RE",
        markers="转发的邮件 | 原始邮件 | 转发邮件信息 | 转发邮件 | 邮件原件 | 原邮件 | 转发的消息 | 原始信息 | 已转发邮件 | "
        "Forwarded message | 以下是转发的邮件 | 转发的电子邮件 | 转发的信息 | 开始转发的邮件 | Original Message | 回复的原邮件 | "
        "Forwarded Message | 转发信息",
        end_markers="转发邮件结束",
        attributions=(
            "{name} <{address}> 于{date}写道：",
            "{name} <{address}> 于 {date} 写道：",
            "{date}，{name} <{address}> 写道：",
            "{date}, {name} <{address}> 写道：",
            "在 {date}，{name} <{address}> 写道：",
            "在 {date}, {name} <{address}> 写道:",
            "在{date}，{name}<{address}> 写道：",
            "{date} {name} <{address}> 写道：",
            "{name} 写道:",
        ),
        order="ymd",
    ),
)
