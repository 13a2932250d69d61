"""What a report says of the scenario that it rests on."""

SENTENCES: dict[str, str] = {
    "Tables": "数据表",
    "rows": "行数",
    "households": "户数",
    "yes": "是",
    "no": "否",
    "×{multiplier} from overdue month {month}": "超期第 {month} 个月起 ×{multiplier}",
    "{share} after {months} {months:month|months}": "{months} 个月后 {share}",
    "{share} at once": "当即 {share}",
    "{count} {count:month|months}, {first} to {last}, {total:,.2f} in all": (
        "{count} 个月，{first:月}至{last:月}，合计 {total:,.2f}"
    ),
}
