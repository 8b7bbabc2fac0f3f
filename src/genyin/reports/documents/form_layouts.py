"""What 《问题记录表》 and 《会议纪要》 ask, in Chinese and English: the plan from which the Word templates are built.

Both languages stand beside each other because a form's labels are data: they are printed whatever the reader speaks.
The names are those of RecordForm and Minutes.
"""

from dataclasses import dataclass, field

LANGUAGES = ("zh", "en")
Label = tuple[str, str]  # Chinese, English


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows of label and value, two to a row."""

    rows: tuple[tuple[tuple[Label, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Long:
    """A label with a text over the whole width."""

    label: Label
    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A table with one row for each item of a list."""

    title: Label
    name: str
    columns: tuple[tuple[Label, str, float], ...]


@dataclass(frozen=True, slots=True)
class Part:
    title: Label
    blocks: tuple[Pairs | Long | Listing, ...] = field(default_factory=tuple)


RECORD = (
    Part(
        ("一、登记与归类", "1 Registration and classification"),
        (
            Pairs(
                (
                    ((("问题单号", "Problem number"), "ref"), (("登记时间", "Registered at"), "registered_at")),
                    ((("问题级别", "Level"), "level"), (("重大问题", "Major problem"), "major")),
                    ((("问题分类", "Category"), "category"), (("问题来源", "Source"), "source")),
                    ((("提出原因", "Reason raised"), "reason"), (("状态 / 处理阶段", "Status / stage"), "status")),
                    ((("发现人 / 提交人", "Found / submitted by"), "submitter"), (("联系方式", "Contact"), "contact")),
                    ((("涉及系统", "System concerned"), "service"), (("配置项", "Configuration item"), "item")),
                    ((("客户 / 项目", "Customer / project"), "customer"), (("运行环境", "Environment"), "environment")),
                    ((("影响度", "Impact"), "impact"), (("紧急度", "Urgency"), "urgency")),
                )
            ),
            Long(("问题标题", "Title"), "title"),
            Long(("问题描述", "Description"), "description"),
            Long(("影响描述", "Effect on the business"), "effect_on_business"),
        ),
    ),
    Part(
        ("二、派单与受理", "2 Assignment"),
        (
            Pairs(
                (
                    (
                        (("服务管理负责人", "Service-management lead"), "lead"),
                        (("问题负责人", "Problem owner"), "owner"),
                    ),
                    ((("派单时间", "Assigned at"), "dispatched_at"), (("受理时间", "Accepted at"), "accepted_at")),
                    ((("问题分析小组", "Analysis team"), "team"), (("计划完成时间", "Planned finish"), "due_at")),
                )
            ),
        ),
    ),
    Part(
        ("三、调研与分析诊断", "3 Investigation and diagnosis"),
        (
            Pairs(
                (
                    ((("问题重现", "Reproduced"), "reproduction"), (("原因分类", "Cause category"), "cause_category")),
                    (
                        (("根因定位时间", "Cause found at"), "cause_found_at"),
                        (("已知错误", "Known error"), "known_error"),
                    ),
                )
            ),
            Long(("根本原因", "Root cause"), "cause"),
            Long(("确认方法与依据", "How established"), "cause_method"),
            Long(("变通方法", "Workaround"), "workaround"),
            Long(("临时措施", "Interim measure"), "interim_measure"),
        ),
    ),
    Part(
        ("四、解决方案", "4 Solution"),
        (
            Long(("解决方案", "Solution"), "solution"),
            Long(("预防措施", "Preventive measure"), "preventive_measure"),
            Long(("测试情况", "Test"), "test"),
            Long(("方案评估", "Evaluation"), "evaluation"),
            Pairs(
                (
                    (
                        (("是否需要变更", "Change needed"), "change_needed"),
                        (("修复上线时间", "Fix in place at"), "fixed_at"),
                    ),
                )
            ),
            Listing(
                ("关联变更", "Linked changes"),
                "changes",
                (
                    (("变更单号", "Change"), "ref", 2),
                    (("标题", "Title"), "title", 4),
                    (("计划时间", "Planned"), "planned_at", 2),
                    (("实施时间", "Implemented"), "finished_at", 2),
                    (("结果", "Result"), "outcome", 1.4),
                ),
            ),
        ),
    ),
    Part(
        ("五、验证、评审与关闭", "5 Verification, review and closure"),
        (
            Long(("效果验证", "Effect verified"), "effect"),
            Pairs(
                (
                    ((("评审日期", "Review held"), "reviewed_at"), (("会议纪要编号", "Minutes"), "minutes")),
                    ((("评审结论", "Conclusion"), "conclusion"), (("评审人", "Reviewer"), "reviewer")),
                    ((("解决时间", "Resolved at"), "resolved_at"), (("关闭时间", "Closed at"), "closed_at")),
                    ((("结束代码", "Closure code"), "outcome"), (("归档时间", "Filed at"), "archived_at")),
                )
            ),
            Long(("经验教训", "Lessons"), "lessons"),
            Listing(
                ("豁免的控制点", "Control points waived"),
                "waivers",
                (
                    (("控制点", "Control point"), "point", 2.4),
                    (("理由", "Reason"), "reason", 5),
                    (("申请 / 批准", "Asked / confirmed by"), "people", 3),
                ),
            ),
        ),
    ),
    Part(
        ("六、关联事件与处理日志", "6 Linked incidents and log"),
        (
            Listing(
                ("关联事件（共 {{ incident_count }} 起）", "Linked incidents ({{ incident_count }} in all)"),
                "incidents",
                (
                    (("事件单号", "Incident"), "ref", 2.2),
                    (("标题", "Title"), "title", 5.4),
                    (("发生时间", "Occurred at"), "occurred_at", 2),
                    (("状态", "State"), "state", 1.2),
                ),
            ),
            Listing(
                ("处理日志", "Log"),
                "log",
                (
                    (("时间", "Time"), "at", 2),
                    (("人员", "Who"), "who", 1.8),
                    (("动作", "What"), "what", 2.2),
                    (("内容", "Content"), "content", 5),
                ),
            ),
        ),
    ),
)

MINUTES = (
    Part(
        ("一、会议信息", "1 Meeting"),
        (
            Pairs(
                (
                    ((("会议编号", "Minutes number"), "ref"), (("问题单号", "Problem number"), "problem")),
                    ((("会议时间", "Held at"), "held_at"), (("地点 / 方式", "Place / mode"), "place")),
                    ((("主持人", "Chair"), "chair"), (("记录人", "Recorder"), "recorder")),
                )
            ),
            Long(("会议主题", "Subject"), "subject"),
            Listing(
                ("参加人", "Attendees"),
                "attendees",
                (
                    (("姓名", "Name"), "name", 3),
                    (("角色 / 单位", "Role / organisation"), "role", 4),
                    (("用户代表", "User representative"), "representative", 2),
                    (("出席", "Present"), "present", 1.5),
                ),
            ),
        ),
    ),
    Part(
        ("二、回顾", "2 Course and cause"),
        (
            Long(("问题经过", "Course of the problem"), "course"),
            Long(("根本原因确认", "Root cause confirmed"), "cause"),
            Long(("解决效果验证", "Effect of the solution"), "effect"),
            Long(("验证依据", "Evidence"), "evidence"),
        ),
    ),
    Part(
        ("三、总结", "3 Lessons"),
        (
            Long(("做得好的", "Done well"), "done_well"),
            Long(("需改进的", "To improve"), "to_improve"),
            Long(("预防措施", "Preventive measures"), "prevention"),
            Long(("第三方责任与配合", "Third parties"), "third_parties"),
        ),
    ),
    Part(
        ("四、行动项与结论", "4 Action items and conclusion"),
        (
            Listing(
                ("行动项", "Action items"),
                "actions",
                (
                    (("内容", "What"), "what", 5),
                    (("责任人", "Owner"), "owner", 2),
                    (("期限", "Due"), "due", 1.6),
                    (("状态", "State"), "state", 1.4),
                ),
            ),
            Long(("结论", "Conclusion"), "conclusion"),
        ),
    ),
)
FORMS: dict[str, tuple[Label, tuple[Part, ...], tuple[Label, ...]]] = {
    "record_form": (
        ("问题记录表", "Problem record"),
        RECORD,
        (("问题负责人", "Problem owner"), ("服务管理负责人", "Service-management lead"), ("日期", "Date")),
    ),
    "minutes": (
        ("会议纪要", "Minutes of the problem review"),
        MINUTES,
        (("主持人", "Chair"), ("记录人", "Recorder"), ("用户代表", "User representative"), ("日期", "Date")),
    ),
}
