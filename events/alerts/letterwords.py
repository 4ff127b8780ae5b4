"""The words of the mails around the news: digests, silence, what is asked of a reader, and the foot of each mail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LetterWords:
    """Sentences with places in braces are filled by `str.format`. A pair is for one and for several."""

    because_one: str
    because_many: str
    because_told: str
    and_more: str
    manage: str
    unsubscribe_one: str
    unsubscribe_all: str

    events: tuple[str, str]
    corrections: tuple[str, str]
    of_case: str

    gravest: str
    stop: str
    daily: str
    weekly: str
    week: str
    digest_headline: str
    digest_subject: str
    contents: str
    corrected_heading: str
    without_organization: str
    rest_of: str
    rest: str
    comma: str

    silence_subject: str
    silence_last: str
    silence_never: str
    silence_caution: str
    silence_once: str

    confirm_subject: str
    confirm_headline: str
    confirm_intro: str
    confirm_wishes: str
    confirm_button: str
    confirm_ignore: str

    added_subject: str
    added_headline: str
    added_intro: str
    added_button: str
    added_ignore: str

    address_subject: str
    address_headline: str
    address_intro: str
    address_button: str
    address_ignore: str
    leaving_subject: str
    leaving_intro: str
    leaving_button: str
    leaving_ignore: str
    left_subject: str
    left_intro: str
    left_ignore: str

    access_subject: str
    access_headline: str
    access_intro: str
    access_button: str
    access_ignore: str


ENGLISH = LetterWords(
    because_one="You get this because you asked for: {wish}.",
    because_many="You get this because you asked for:",
    because_told="You get this because we wrote to you about it before.",
    and_more="and {count} more",
    manage="Change what you follow",
    unsubscribe_one="End this alert",
    unsubscribe_all="Unsubscribe from everything",
    events=("{count} event", "{count} events"),
    corrections=("{count} correction", "{count} corrections"),
    of_case="{title} ({events})",
    gravest="{subject}; gravest: {first}",
    stop="{sentence}.",
    daily="Daily digest, {day}",
    weekly="Weekly digest, {day}",
    week="{start} to {end}",
    digest_headline="{counts} in what you follow",
    digest_subject="{period}: {counts}",
    contents="In this digest",
    corrected_heading="Corrections of what we told you",
    without_organization="Others",
    rest_of="{count} more on the page of {name}",
    comma=", ",
    rest="{count} more; you find them by searching the record",
    silence_subject="Silence: {wish}",
    silence_last="The last one, {day}:",
    silence_never="There has been none on the record so far.",
    silence_caution="This means that our record holds nothing new; it may also be that no source has reported it.",
    silence_once="We tell a silence once. The next word on it comes after something has happened and it is silent again.",
    confirm_subject="Please confirm your alerts",
    confirm_headline="Please confirm that you want these alerts",
    confirm_intro="Someone, hopefully you, asked for alerts to this address. The link opens a page; only its button confirms.",
    confirm_wishes="You would hear of:",
    confirm_button="Confirm my alerts",
    confirm_ignore="If it was not you, do nothing: without your confirmation you get no alerts.",
    added_subject="Another alert was asked for",
    added_headline="Please start the alert that was asked for",
    added_intro="Someone, hopefully you, asked for another alert to this address. It is not active yet.",
    added_button="See it and start it",
    added_ignore="If it was not you, do nothing: nothing has changed.",
    address_subject="Please confirm your new address",
    address_headline="Please confirm that this is your new address",
    address_intro="The owner of {old} wants to get alerts at this address, {new}.",
    address_button="Confirm this address",
    address_ignore="If it was not you, do nothing: without your confirmation nothing changes.",
    leaving_subject="Your alerts are to go to another address",
    leaving_intro="Someone with access to your alerts asked that they go to {new}. That happens once it is confirmed there.",
    leaving_button="See my alerts",
    leaving_ignore="If it was you, there is nothing to do. If it was not, open your alerts and withdraw the change.",
    left_subject="Your alerts go to another address now",
    left_intro="From now on your alerts go to {new}, as was confirmed there.",
    left_ignore="If you did not want that, open your alerts and change the address back.",
    access_subject="Your link to your alerts",
    access_headline="Here is the link to your alerts",
    access_intro="With it you change what you follow, take your data with you, or leave. Keep it to yourself.",
    access_button="Open my alerts",
    access_ignore="If you did not ask for it, do nothing.",
)

CHINESE = LetterWords(
    because_one="您收到此邮件，是因为您订阅了：{wish}。",
    because_many="您收到此邮件，是因为您订阅了：",
    because_told="您收到此邮件，是因为我们此前就此给您发过邮件。",
    and_more="另有{count}项",
    manage="管理订阅",
    unsubscribe_one="停止这项提醒",
    unsubscribe_all="全部退订",
    events=("{count}个事件", "{count}个事件"),
    corrections=("{count}项更正", "{count}项更正"),
    of_case="{title}（{events}）",
    gravest="{subject}；最重：{first}",
    stop="{sentence}。",
    daily="每日摘要，{day}",
    weekly="每周摘要，{day}",
    week="{start}至{end}",
    digest_headline="您关注的内容有{counts}",
    digest_subject="{period}：{counts}",
    contents="本期内容",
    corrected_heading="对此前告知内容的更正",
    without_organization="其他",
    rest_of="{name}的页面上还有{count}项",
    comma="、",
    rest="还有{count}项，可在记录中搜索查看",
    silence_subject="沉默：{wish}",
    silence_last="最近一次，{day}：",
    silence_never="记录中至今没有此类事件。",
    silence_caution="这只说明我们的记录中没有新内容，也可能是尚无来源报道。",
    silence_once="同一段沉默只通知一次。待有新事件并再次沉默后，我们才会再次通知您。",
    confirm_subject="请确认订阅提醒",
    confirm_headline="请确认您希望收到这些提醒",
    confirm_intro="有人（希望是您本人）用这个地址申请了提醒。链接会打开一个页面，按下页面上的按钮才算确认。",
    confirm_wishes="您将收到：",
    confirm_button="确认订阅",
    confirm_ignore="如果不是您本人，请忽略此邮件：未经确认，您不会收到提醒。",
    added_subject="有人申请了新的提醒",
    added_headline="请启用新申请的提醒",
    added_intro="有人（希望是您本人）用这个地址申请了另一项提醒，目前尚未启用。",
    added_button="查看并启用",
    added_ignore="如果不是您本人，请忽略此邮件：一切未变。",
    address_subject="请确认您的新地址",
    address_headline="请确认这是您的新地址",
    address_intro="{old}的所有者希望改用此地址（{new}）接收提醒。",
    address_button="确认此地址",
    address_ignore="如果不是您本人，请忽略此邮件：未经确认，一切不变。",
    leaving_subject="您的提醒将改发到另一个地址",
    leaving_intro="有人通过您的订阅页面要求改发到{new}，待该地址确认后生效。",
    leaving_button="查看我的提醒",
    leaving_ignore="如果是您本人，无需任何操作；如果不是，请打开您的提醒页面撤销更改。",
    left_subject="您的提醒已改发到另一个地址",
    left_intro="经该地址确认，您的提醒从现在起发送到{new}。",
    left_ignore="如果这不是您的意愿，请打开您的提醒页面改回地址。",
    access_subject="您的提醒页面链接",
    access_headline="这是您的提醒页面链接",
    access_intro="您可以用它更改订阅、导出数据或退出。请勿转给他人。",
    access_button="打开我的提醒",
    access_ignore="如果不是您要求的，请忽略此邮件。",
)


def letter_words(language: str) -> LetterWords:
    """The words of a language, English for one that there are none of."""
    return CHINESE if language.lower().startswith("zh") else ENGLISH
